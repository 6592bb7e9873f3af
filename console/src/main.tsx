/**
 * The operators' console: a web page that shows orders and products as they change, tells what
 * happened to each, and sends commands. It is a client like any other, of GraphQL over HTTP and
 * graphql-ws, and knows nothing of the rooms behind the gateway. It asks nobody but the gateway it
 * came from, and the gateway's policy for its contents forbids anything inline. What people have
 * written is shown as text and never as markup.
 */
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { resumeSession } from "./auth/session.ts";
import { currentPlace, navigate } from "./routing/location.ts";
import { fetchPage } from "./routing/pages.tsx";
import { startTheme } from "./layout/theme.ts";
import "./styles/base.css";
import "./styles/parts.css";
import "./styles/tables.css";

startTheme();
if (/^\/console\/?$/.test(location.pathname)) navigate("board", { replace: true });
fetchPage(currentPlace().path);
const place = document.getElementById("console");
if (place === null) throw new Error("index.html has no place for the console");
const root = createRoot(place);
void resumeSession().finally(() => root.render(<App />));
