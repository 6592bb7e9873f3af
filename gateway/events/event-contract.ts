import { z } from "zod";
import { aggregates } from "../../machines/index.ts";
import type { AggregateName } from "../../machines/index.ts";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** A JSON document, as the contracts below are. */
type Json = Readonly<Record<string, unknown>>;

/** One type of message on the stream `EVT`. */
interface EventContract {
  /** Such as `statecart.order.OrderCreated.v2`: the CloudEvent's `type`. */
  readonly type: string;
  readonly aggregate: AggregateName;
  readonly name: string;
  /** JSON Schema of the whole message. */
  readonly schema: Json;
}

/** What subscribers may rely on, made from the schemas by which every event is checked. */
export interface EventContracts {
  /** An AsyncAPI 3 document of the stream. */
  readonly asyncapi: Json;
  /** JSON Schemas by the CloudEvent's `type`. */
  readonly schemas: ReadonlyMap<string, Json>;
}

/** Makes the contracts of every event in its present version. */
export function eventContracts(): EventContracts {
  const contracts = Object.entries(aggregates).flatMap(([aggregate, { events }]) =>
    Object.entries(events).map(([name, { schema, schemaVersion }]) =>
      contractOf(schema, { aggregate: aggregate as AggregateName, name, schemaVersion }),
    ),
  );
  return {
    asyncapi: asyncapiOf(contracts),
    schemas: new Map(contracts.map(({ type, schema }) => [type, { $schema: DIALECT, ...schema }])),
  };
}

interface EventName {
  readonly aggregate: AggregateName;
  readonly name: string;
  readonly schemaVersion: number;
}

function contractOf(data: z.ZodType, { aggregate, name, schemaVersion }: EventName): EventContract {
  const type = `statecart.${aggregate}.${name}.v${String(schemaVersion)}`;
  const dataSchema = z.toJSONSchema(data, {
    io: "output",
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      // Other languages, and JavaScript without the flag, know no such classes of characters.
      if (jsonSchema.pattern?.includes("\\p{") === true) delete jsonSchema.pattern;
    },
  });
  // The envelope around it names the dialect already.
  delete dataSchema.$schema;
  const text = { type: "string" };
  const uuid = { type: "string", format: "uuid" };
  const properties = {
    specversion: { const: "1.0" },
    id: { ...text, description: "<entity id>/<version>: the same however often it is delivered" },
    source: { const: `/statecart/${aggregate}` },
    type: { const: type },
    subject: { ...uuid, description: `id of the ${aggregate}` },
    time: { ...text, format: "date-time", description: "when it was decided" },
    datacontenttype: { const: "application/json" },
    sequence: { ...text, pattern: "^[1-9][0-9]*$", description: "version of the entity" },
    traceparent: { ...text, description: "W3C trace context of the request, when it had one" },
    correlationid: { ...text, description: "the same in all that one request has led to" },
    causationid: { ...text, description: "id of the command or event that led to it" },
    commandid: uuid,
    data: dataSchema,
  };
  const required = Object.keys(properties).filter((property) => property !== "traceparent");
  const schema = { title: type, type: "object", properties, required };
  return { type, aggregate, name, schema };
}

function asyncapiOf(contracts: readonly EventContract[]): Json {
  const of = (aggregate: string) =>
    contracts.filter((contract) => contract.aggregate === aggregate);
  const names = Object.keys(aggregates);
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Statecart events",
      version: "1",
      description:
        "Every event of every order and product, as CloudEvents in structured JSON on the " +
        "JetStream stream EVT. At least once, in order for each entity; `id` tells repeats.",
    },
    defaultContentType: "application/cloudevents+json",
    channels: Object.fromEntries(names.map((name) => [name, channelOf(name, of(name))])),
    operations: Object.fromEntries(
      names.map((name) => [
        `publish_${name}`,
        { action: "send", channel: { $ref: `#/channels/${name}` } },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        contracts.map(({ type, name, schema }) => [
          type,
          { name, title: name, contentType: "application/cloudevents+json", payload: schema },
        ]),
      ),
    },
  };
}

function channelOf(aggregate: string, contracts: readonly EventContract[]): Json {
  return {
    address: `evt.${aggregate}.{partition}.{entityId}.{event}`,
    description: `What happens to each ${aggregate}.`,
    parameters: {
      partition: { description: "two digits, 00 to 63, from a hash of the entity id" },
      entityId: { description: `id of the ${aggregate}, a UUID` },
      event: { description: "the event's name", enum: contracts.map(({ name }) => name) },
    },
    messages: Object.fromEntries(
      contracts.map(({ name, type }) => [name, { $ref: `#/components/messages/${type}` }]),
    ),
    "x-jetstream": { stream: "EVT", retention: "limits", storage: "file" },
  };
}
