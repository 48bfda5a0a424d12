/** Options of a schema, read by their names: the generator runs while the generated code, which would know their types, does not exist. */
import {
  type DescExtension,
  type DescField,
  type Registry,
  type JsonObject,
  type JsonValue,
  fromBinary,
  getOption,
  hasOption,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";

type Optioned = Parameters<typeof getOption>[0];

/** Reads options by their full names. */
export class Options {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** A message set as an option, as its JSON form; undefined where it is not set. */
  message(desc: Optioned, name: string): JsonObject | undefined {
    const extension = this.#extension(name);
    if (extension?.message === undefined || !hasOption(desc, extension)) return undefined;
    const value = getOption(desc, extension);
    // By way of bytes, because the option's type is known only here.
    const message = fromBinary(extension.message, toBinary(extension.message, value as never));
    return toJson(extension.message, message, { registry: this.#registry, useProtoFieldName: true }) as JsonObject;
  }

  /** Whether a `bool` option is true. */
  flag(desc: Optioned, name: string): boolean {
    const extension = this.#extension(name);
    return extension !== undefined && hasOption(desc, extension) && getOption(desc, extension) === true;
  }

  /** The fields of an option that is a message. */
  fieldsOf(name: string): readonly DescField[] {
    return this.#extension(name)?.message?.fields ?? [];
  }

  #extension(name: string): DescExtension | undefined {
    return this.#registry.getExtension(name);
  }
}

/** A number of an option, which JSON gives as a string where it has 64 bits; 0 where it is not set. */
export const numberIn = (options: JsonObject | undefined, name: string): number => Number(options?.[name] ?? 0);

/** A string of an option; empty where it is not set. */
export const textIn = (options: JsonObject | undefined, name: string): string => {
  const value = options?.[name];
  return typeof value === "string" ? value : "";
};

/** Whether a `bool` of an option is true. */
export const isSet = (options: JsonObject | undefined, name: string): boolean => options?.[name] === true;

/** Whether a JSON value is an object. */
export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
