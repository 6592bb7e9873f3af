import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputField,
  type GraphQLSchema,
} from "graphql";

/** A field of a command's form; `of` are the fields of an object. */
interface CommandField {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly isList: boolean;
  readonly values?: readonly string[];
  readonly of?: readonly CommandField[];
}

/** A command as its form is made from it. */
interface CommandDescription {
  /** As in `allowedCommands`. */
  readonly command: string;
  readonly mutation: string;
  readonly entity: "order" | "product";
  /** Whether it makes the entity, so that it is no button on an entity's page. */
  readonly creates: boolean;
  readonly description: string;
  readonly fields: readonly CommandField[];
}

/** What every command has, or what the page that sends it knows already. */
const FILLED_IN = ["consistency", "expectedVersion", "idempotencyKey", "orderId", "productId"];

/** Every command of the schema: the mutations that answer with an order or a product. */
export function commandsOf(schema: GraphQLSchema): readonly CommandDescription[] {
  const mutations = schema.getMutationType()?.getFields() ?? {};
  return Object.values(mutations).flatMap(({ name, type, args, description }) => {
    const payload = getNamedType(type).name;
    const input = getNamedType(args[0]?.type);
    if (!isInputObjectType(input) || !/^(Order|Product)Payload$/.test(payload)) return [];
    const fields = Object.values(input.getFields());
    const entity = payload === "OrderPayload" ? "order" : "product";
    return {
      command: `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      mutation: name,
      entity,
      creates: !fields.some((field) => field.name === `${entity}Id`),
      description: description ?? "",
      fields: fields.filter((one) => !FILLED_IN.includes(one.name)).map(fieldOf),
    };
  });
}

function fieldOf({ name, type }: GraphQLInputField): CommandField {
  const named = getNamedType(type);
  return {
    name,
    type: named.name,
    isRequired: isNonNullType(type),
    isList: isListType(getNullableType(type)),
    ...(isEnumType(named) ? { values: named.getValues().map((value) => value.name) } : {}),
    ...(isInputObjectType(named) ? { of: Object.values(named.getFields()).map(fieldOf) } : {}),
  };
}

/** The mutation that sends a command, and asks for no more than whether it was accepted. */
export function mutationText({ mutation, entity }: CommandDescription): string {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
  return `mutation ${type}($input: ${type}Input!) {
  ${mutation}(input: $input) {
    ${entity} {
      id
      version
      status
    }
    version
    errors {
      __typename
      code
      message
      path
      ... on VersionConflict {
        expected
        actual
      }
    }
  }
}
`;
}
