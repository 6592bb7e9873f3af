// The least that Statecart needs of MongoDB: a role, and a user who has it and nothing else.
//
//   STATECART_MONGODB_PASSWORD=... mongosh "mongodb://admin@host/admin" deploy/mongodb-users.js
//
// May be run again: the role is brought up to date, the user gets the password anew. The truth, the
// collection `events`, can be read, followed and added to, and never changed or removed.
//
// A rebuild makes read collections of new names, and MongoDB has no rights for names to come: so
// ten are made up here and left in `reserved_generations`, from where rebuilds take them. Run this
// again after at most ten rebuilds; `npm run rebuild` says so when none is left.
/* global db, print, process */
const database = process.env.MONGODB_DATABASE || "statecart";
const password = process.env.STATECART_MONGODB_PASSWORD;
if (!password) throw new Error("STATECART_MONGODB_PASSWORD is not set");

const own = [
  "checkpoints",
  "customer_keys",
  "dead_letters",
  "leases",
  "order_days",
  "order_stays",
  "orders",
  "privacy_root",
  "products",
  "read_models",
  "refusals",
  "reserved_generations",
  "revenue",
  "sandbox_payments",
  "skipped_events",
  "snapshots",
  "timers",
  "used_tickets",
];
const data = db.getSiblingDB(database);
const rowsOf = (find) => {
  const { cursor } = data.runCommand({ find });
  return cursor ? cursor.firstBatch : [];
};

const RESERVED = 10;
const DAY_MS = 86_400_000;
// Read before `read_models`, where a name stands once it is taken: so none is missed in between.
const reserved = rowsOf("reserved_generations");
const isOld = ({ taken }) => taken && Date.now() - new Date(taken).getTime() > DAY_MS;
const kept = reserved.filter((name) => !isOld(name));
const free = kept.filter(({ taken }) => !taken).length;
const stem = `_r${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
const added = Array.from({ length: Math.max(0, RESERVED - free) }, (_, index) => `${stem}${index}`);

const inUse = rowsOf("read_models").flatMap((model) =>
  [...model.generations, ...model.retired, ...(model.rebuild ? [model.rebuild] : [])].map(
    ({ suffix }) => [model._id, suffix],
  ),
);
/** What is made anew together with the rows of a read collection. */
const beside = { orders: ["order_days", "order_stays", "revenue"], products: [] };
const toCome = [...kept.map(({ _id }) => _id), ...added].flatMap((suffix) =>
  Object.keys(beside).map((name) => [name, suffix]),
);
const generations = [...inUse, ...toCome].flatMap(([name, suffix]) =>
  [name, ...(beside[name] || [])].map((collection) => collection + suffix),
);
const names = [...new Set([...own, ...generations])];
const anything = [
  ...["find", "insert", "update", "remove", "changeStream"],
  ...["createCollection", "createIndex", "dropCollection", "listIndexes"],
];
const appendOnly = [
  ...["find", "insert", "changeStream"],
  // The first start makes the collection; none of these touches what is in it.
  ...["createCollection", "createIndex", "listIndexes"],
];
const privileges = [
  { resource: { db: database, collection: "" }, actions: ["listCollections"] },
  { resource: { db: database, collection: "events" }, actions: appendOnly },
  ...names.map((collection) => ({ resource: { db: database, collection }, actions: anything })),
];

const admin = db.getSiblingDB("admin");
const roles = [{ role: "statecart", db: "admin" }];
const hasRole = admin.runCommand({ rolesInfo: "statecart" }).roles.length > 0;
const roleVerb = hasRole ? "updateRole" : "createRole";
admin.runCommand({ [roleVerb]: "statecart", privileges, roles: [] });
const hasUser = admin.runCommand({ usersInfo: "statecart" }).users.length > 0;
const userVerb = hasUser ? "updateUser" : "createUser";
admin.runCommand({ [userVerb]: "statecart", pwd: password, roles });
// Only now that there are rights for them.
if (added.length > 0) {
  const documents = added.map((_id) => ({ _id, taken: null }));
  data.runCommand({ insert: "reserved_generations", documents });
}
const gone = reserved.filter(isOld).map(({ _id }) => ({ q: { _id }, limit: 1 }));
if (gone.length > 0) data.runCommand({ delete: "reserved_generations", deletes: gone });
print(`user "statecart" may use the database "${database}"; MONGODB_URL needs authSource=admin`);
