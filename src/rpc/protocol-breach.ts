/** The peer did what the protocol does not allow. Its connection is ended with the message as the reason. */
export class ProtocolBreach extends Error {
  override readonly name: string = "ProtocolBreach";
}
