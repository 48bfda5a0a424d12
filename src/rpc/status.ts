import { create, toBinary } from "@bufbuild/protobuf";
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import type { Any } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";

const TYPE_URL_PREFIX = "type.googleapis.com/";

/** An error with one typed detail. */
export function errorWithDetail<Desc extends DescMessage>(
  code: Code,
  message: string,
  desc: Desc,
  detail: MessageInitShape<Desc>,
): ConnectError {
  return new ConnectError(message, code, undefined, [{ desc, value: detail }]);
}

/** The error that a status, a go-away or a connection's end stands for. Code 0, or one that nobody knows, becomes `otherwise`. */
export function errorFromWire(
  code: number,
  message: string,
  details: readonly Any[],
  metadata: Record<string, string> = {},
  otherwise: Code = Code.Unknown,
): ConnectError {
  const error = new ConnectError(message, Code[code] === undefined ? otherwise : code, headersFromWire(metadata));
  error.details = details.map((detail) => ({
    type: detail.typeUrl.slice(detail.typeUrl.lastIndexOf("/") + 1),
    value: detail.value,
  }));
  return error;
}

/** An error's details as they travel, whether they were made here or came from elsewhere. */
export function detailsToWire(error: ConnectError): Any[] {
  return error.details.map((detail) =>
    "desc" in detail
      ? create(AnySchema, {
          typeUrl: TYPE_URL_PREFIX + detail.desc.typeName,
          value: toBinary(detail.desc, create(detail.desc, detail.value)),
        })
      : create(AnySchema, { typeUrl: TYPE_URL_PREFIX + detail.type, value: detail.value }),
  );
}

/** An error's metadata as it travels. */
export function metadataToWire(headers: Headers): Record<string, string> {
  const metadata: Record<string, string> = {};
  headers.forEach((value, name) => {
    metadata[name] = value;
  });
  return metadata;
}

/** Metadata as headers. What can be no header is left out: an error must arrive, whatever came beside it. */
function headersFromWire(metadata: Record<string, string>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(metadata)) {
    try {
      headers.append(name, value);
    } catch {
      // A name or value that HTTP would not allow.
    }
  }
  return headers;
}

/** Why something closed, as an error; a sentence alone means UNAVAILABLE. */
export function closeError(reason: string | ConnectError): ConnectError {
  return typeof reason === "string" ? new ConnectError(reason, Code.Unavailable) : reason;
}
