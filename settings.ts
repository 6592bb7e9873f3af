import { z } from "zod";
import { inspectionSetting } from "./inspection-setting.ts";
import { about, whole } from "./setting.ts";
import { observingSettings } from "./observing-settings.ts";
import { trafficSettings } from "./traffic-settings.ts";
import { taxTable } from "./taxes.ts";

export { about } from "./setting.ts";
export type { About } from "./setting.ts";

const count = (max: number): z.ZodCoercedNumber => whole(1, max);
const list = z.string().transform((text) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== ""),
);

const masterKey = z
  .string()
  .regex(
    /^([0-9a-fA-F]{64}|[A-Za-z0-9+/_-]{43}=?)$/,
    "must be 32 random bytes in base64, such as `openssl rand -base64 32` prints them",
  );

export const settings = {
  mode: z
    .enum(["development", "production"])
    .default("development")
    .register(about, {
      env: "STATECART_MODE",
      description:
        "`development` makes its own keys and tokens, seeds a shop and serves GraphiQL and " +
        "introspection; `production` does none of it and wants `STATECART_JWT_KEYS`, " +
        "`STATECART_SECRET` and `STATECART_MASTER_KEY`",
    }),
  role: z
    .string()
    .default("all")
    .refine((role) => role === "all", {
      error: (issue) =>
        `'${String(issue.input)}' is not served yet: every role runs in one process; ` +
        "start with --role all (splitting roles over processes is planned)",
    })
    .register(about, { env: "STATECART_ROLE", description: "which rooms this process serves" }),
  host: z
    .string()
    .min(1)
    .default("127.0.0.1")
    .register(about, { env: "HOST", description: "address to listen on" }),
  port: whole(0, 65_535).default(4000).register(about, {
    env: "PORT",
    description: "port for HTTP and WebSocket; 0 takes any free one",
  }),
  dataDir: z.string().min(1).default(".data").register(about, {
    env: "DATA_DIR",
    description: "where the local servers, the development keys and their like are kept",
  }),
  cacheDir: z.string().min(1).optional().register(about, {
    env: "STATECART_CACHE_DIR",
    description: "where fetched server binaries are kept; by default the user's cache folder",
  }),
  mongodbUrl: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, "must begin with mongodb:// or mongodb+srv://")
    .optional()
    .register(about, {
      env: "MONGODB_URL",
      description: "a MongoDB replica set, 6.0 or newer; when absent a local one is started",
      secret: true,
    }),
  mongodbDatabase: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,38}$/, "may have letters, digits, - and _ only (38 at most)")
    .default("statecart")
    .register(about, { env: "MONGODB_DATABASE", description: "name of the database" }),
  natsUrl: z
    .string()
    .regex(/^(nats|tls):\/\//, "must begin with nats:// or tls://")
    .optional()
    .register(about, {
      env: "NATS_URL",
      description: "a NATS server with JetStream, 2.9 or newer; when absent a local one is started",
      secret: true,
    }),
  mongodBin: z.string().min(1).optional().register(about, {
    env: "MONGOD_BIN",
    description: "the mongod binary to start locally",
  }),
  natsServerBin: z.string().min(1).optional().register(about, {
    env: "NATS_SERVER_BIN",
    description: "the nats-server binary to start locally",
  }),
  jwtKeys: z.string().min(1).optional().register(about, {
    env: "STATECART_JWT_KEYS",
    description: "file with the public keys that sign tokens: PEM or JWKS, re-read when it changes",
  }),
  jwtIssuer: z
    .string()
    .min(1)
    .default("statecart")
    .register(about, { env: "STATECART_JWT_ISSUER", description: "the `iss` a token must carry" }),
  jwtAudience: z.string().min(1).default("statecart").register(about, {
    env: "STATECART_JWT_AUDIENCE",
    description: "the `aud` a token must carry",
  }),
  secret: z
    .string()
    .min(32, "must have 32 characters or more")
    .optional()
    .register(about, {
      env: "STATECART_SECRET",
      description:
        "key of the hashes by which a repeated command is recognised; the same in every process, " +
        "for ever",
      secret: true,
    }),
  masterKey: masterKey.optional().register(about, {
    env: "STATECART_MASTER_KEY",
    description:
      "32 random bytes in base64 (`openssl rand -base64 32`) that wrap the customers' keys; " +
      "whoever loses it loses every name and address (docs/privacy.md)",
    secret: true,
  }),
  masterKeyAlso: masterKey.optional().register(about, {
    env: "STATECART_MASTER_KEY_ALSO",
    description: "another master key that opens what it has wrapped: the other one in a rotation",
    secret: true,
  }),
  allowedOrigins: list.default([]).register(about, {
    env: "STATECART_ALLOWED_ORIGINS",
    description: "comma-separated origins of web pages that may connect, besides our own",
  }),
  trustedProxies: whole(0, 10)
    .default(0)
    .register(about, {
      env: "STATECART_TRUSTED_PROXIES",
      description:
        "how many proxies of yours stand before it; the client's address is then the entry of " +
        "`X-Forwarded-For` that the outermost of them wrote",
    }),
  trustedDocuments: z
    .string()
    .min(1)
    .optional()
    .register(about, {
      env: "STATECART_TRUSTED_DOCUMENTS",
      description:
        "file with the only GraphQL documents that are taken, made by `npm run trust` " +
        "(docs/security.md); when absent every document within the limits is taken",
    }),
  inspection: inspectionSetting,
  ...trafficSettings,
  logLevel: z
    .enum(["silent", "fatal", "error", "warn", "info", "debug", "trace"])
    .default("info")
    .register(about, { env: "STATECART_LOG_LEVEL", description: "least level that is logged" }),
  ...observingSettings,
  seed: z.stringbool().optional().register(about, {
    env: "STATECART_SEED",
    description: "`true` or `false`: a small shop at the first start (default: development only)",
  }),
  mailboxSizeMax: count(1_000_000).default(10_000).register(about, {
    env: "STATECART_MAILBOX_SIZE_MAX",
    description: "commands that may wait for one order or product before it answers OVERLOADED",
  }),
  entitiesMax: count(10_000_000).default(20_000).register(about, {
    env: "STATECART_ENTITIES_MAX",
    description: "live actors kept in memory; the least recently used sleep first",
  }),
  entityIdleMs: count(86_400_000).default(300_000).register(about, {
    env: "STATECART_ENTITY_IDLE_MS",
    description: "idle time in milliseconds after which an actor sleeps",
  }),
  snapshotEveryEvents: count(100_000).default(100).register(about, {
    env: "STATECART_SNAPSHOT_EVERY_EVENTS",
    description: "events of one entity between two snapshots",
  }),
  commandDeadlineMs: count(300_000).default(5_000).register(about, {
    env: "STATECART_COMMAND_DEADLINE_MS",
    description: "milliseconds for one attempt at a command; past it its outcome is looked up",
  }),
  leaseTtlMs: whole(500, 60_000).default(5_000).register(about, {
    env: "STATECART_LEASE_TTL_MS",
    description: "milliseconds after which another process takes over what a dead one did alone",
  }),
  providerDeadlineMs: count(60_000).default(2_000).register(about, {
    env: "STATECART_PROVIDER_DEADLINE_MS",
    description: "milliseconds for one call of the payment provider; past it its outcome is open",
  }),
  providerCallsMax: count(100_000).default(1_000).register(about, {
    env: "STATECART_PROVIDER_CALLS_MAX",
    description: "calls of the payment provider under way at once",
  }),
  webhookSecret: list
    .refine((secrets) => secrets.every((secret) => secret.length >= 32), {
      error: "each must have 32 characters or more",
    })
    .optional()
    .register(about, {
      env: "STATECART_WEBHOOK_SECRET",
      description:
        "key by which the payment provider signs its notices, or several separated by commas " +
        "while it is changed; development makes its own, production without one takes no notices",
      secret: true,
    }),
  capture: z.enum(["AT_ONCE", "ON_SHIPMENT"]).default("AT_ONCE").register(about, {
    env: "STATECART_CAPTURE",
    description: "when the money of a confirmed order is taken; an order keeps what it began with",
  }),
  taxes: taxTable.optional().register(about, {
    env: "STATECART_TAXES",
    description:
      "taxes by the country that an order is sent to, in basis points, `*` for every other: " +
      "`DE: MwSt 1900 inclusive; CA: GST 500, PST 700; CH: none; *: VAT 2000 inclusive`; " +
      "an order keeps those it began with",
  }),
  orderExpiryMs: whole(1_000, 31_536_000_000).default(900_000).register(about, {
    env: "STATECART_ORDER_EXPIRY_MS",
    description: "milliseconds for which stock is held for an order that is not paid",
  }),
  paymentActionMs: whole(1_000, 31_536_000_000).default(900_000).register(about, {
    env: "STATECART_PAYMENT_ACTION_MS",
    description: "milliseconds for a person to confirm a payment at their bank",
  }),
  authorisationMs: whole(1_000, 31_536_000_000)
    .default(518_400_000)
    .register(about, {
      env: "STATECART_AUTHORISATION_MS",
      description:
        "milliseconds after which an authorisation that was not captured is given up; must be " +
        "less than the provider's own (the sandbox keeps one for 7 days)",
    }),
  paymentLookupMs: whole(1_000, 86_400_000).default(5_000).register(about, {
    env: "STATECART_PAYMENT_LOOKUP_MS",
    description:
      "milliseconds before a call with an unknown outcome is repeated; doubles each time",
  }),
  crashAt: z
    .string()
    .regex(/^[a-z-]+:[1-9]\d{0,8}$/, "must be <point>:<n>, such as before-append:3")
    .optional()
    .register(about, {
      env: "STATECART_CRASH_AT",
      description:
        "for tests: `<point>:<n>` of `actors/crash-points.ts`; the process kills itself when it " +
        "comes by there for the n-th time; refused in production",
    }),
  projectionLagMaxMs: count(86_400_000).default(30_000).register(about, {
    env: "STATECART_PROJECTION_LAG_MAX_MS",
    description: "milliseconds that the read models may be behind before `/readyz` says no",
  }),
  drainMs: whole(0, 600_000)
    .optional()
    .register(about, {
      env: "STATECART_DRAIN_MS",
      description:
        "milliseconds for which the process serves on when it is told to stop: `/readyz` says " +
        "no at once, sockets are closed one by one in the second half (by default 20000 in " +
        "production and 0 else)",
    }),
  evtMaxAgeDays: count(3_650).default(30).register(about, {
    env: "STATECART_EVT_MAX_AGE_DAYS",
    description: "days that the JetStream stream EVT keeps an event (MongoDB keeps it for ever)",
  }),
  evtMaxBytes: whole(1_048_576, 2 ** 50)
    .default(1_073_741_824)
    .register(about, {
      env: "STATECART_EVT_MAX_BYTES",
      description: "most bytes that the JetStream stream EVT holds",
    }),
};
