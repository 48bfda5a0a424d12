/** The worker's WebSocket, when whoever starts the application asks for it. */

const PASSED_ON = ["--websocket-port=", "--websocket-origin="];

/** The worker's arguments among the application's own: `--websocket-port=0 --websocket-origin=http://127.0.0.1:5173`. The worker checks them. */
export function websocketArguments(argv: readonly string[]): string[] {
  return argv.filter((argument) => PASSED_ON.some((name) => argument.startsWith(name)));
}
