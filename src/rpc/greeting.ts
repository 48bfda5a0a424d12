import { create } from "@bufbuild/protobuf";
import { Code, type ConnectError } from "@connectrpc/connect";
import { SCHEMA_DIGEST } from "../../gen/ts/macroscope/schema-digest";
import { VersionMismatchSchema } from "../../gen/ts/macroscope/rpc/v1/errors_pb";
import { HelloSchema } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import type { Hello } from "../../gen/ts/macroscope/rpc/v1/frame_pb";
import type { Role } from "../../gen/ts/macroscope/rpc/v1/options_pb";
import type { ProtocolLimits } from "./protocol";
import { errorWithDetail } from "./status";

/** What one end says of itself. */
export interface Introduction {
  /** Name and version of the program. */
  readonly build: string;
  /** A server's lifetime; empty at a client. */
  readonly session?: string;
  /** Grows with every start of the server; 0 at a client. */
  readonly epoch?: bigint;
  /** A client's wish; a server gives what it decides. */
  readonly role?: Role;
  /** A client's proof of its right to connect. */
  readonly token?: string;
  /** Who it is, for logs. */
  readonly label?: string;
  /** By default the digest of the schema that this program was built with. */
  readonly schemaDigest?: string;
}

/** The hello of this end. */
export function makeHello(introduction: Introduction, limits: ProtocolLimits): Hello {
  return create(HelloSchema, {
    schemaDigest: SCHEMA_DIGEST,
    ...introduction,
    protocolMajor: limits.major,
    protocolMinor: limits.minor,
  });
}

/** The refusal that two hellos of different major versions end with; undefined when they fit. */
export function versionRefusal(client: Hello, server: Hello): ConnectError | undefined {
  if (client.protocolMajor === server.protocolMajor) {
    return undefined;
  }
  return errorWithDetail(
    Code.FailedPrecondition,
    `${client.build} speaks version ${client.protocolMajor} of the protocol, ${server.build} version ${server.protocolMajor}. ` +
      "Install the same release of both.",
    VersionMismatchSchema,
    {
      clientMajor: client.protocolMajor,
      clientMinor: client.protocolMinor,
      clientBuild: client.build,
      clientSchemaDigest: client.schemaDigest,
      serverMajor: server.protocolMajor,
      serverMinor: server.protocolMinor,
      serverBuild: server.build,
      serverSchemaDigest: server.schemaDigest,
    },
  );
}

/** Whether two secrets are equal, in a time that does not tell where they differ. */
export function sameToken(expected: string, given: string): boolean {
  let difference = expected.length ^ given.length;
  for (let index = 0; index < expected.length; index++) {
    difference |= expected.charCodeAt(index) ^ given.charCodeAt(index % Math.max(given.length, 1));
  }
  return difference === 0;
}
