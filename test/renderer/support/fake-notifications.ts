/** Notifications in memory. */
import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ConnectRouter } from "@connectrpc/connect";
import {
  NotificationSchema,
  NotificationService,
  Severity,
  WatchNotificationsResponseSchema,
} from "../../../gen/ts/macroscope/notification/v1/notification_pb";
import type {
  Notification,
  WatchNotificationsResponse,
} from "../../../gen/ts/macroscope/notification/v1/notification_pb";
import { Feed } from "./feed";

type Answer = <Result>(method: string, request: unknown, work: () => Result) => Result;

export class FakeNotifications {
  readonly lists = new Feed<WatchNotificationsResponse>(create(WatchNotificationsResponseSchema, { revision: 1n }));

  /** Tells something, now. */
  post(told: Omit<MessageInitShape<typeof NotificationSchema>, "$typeName">): Notification {
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    const id = BigInt(this.lists.current.notifications.length + 1);
    const stamps = { id, raisedUnixNs: nowNs, lastUnixNs: nowNs, count: 1, severity: Severity.INFO };
    const notification = create(NotificationSchema, { ...stamps, source: "worker", code: "told", ...told });
    this.set([...this.lists.current.notifications, notification]);
    return notification;
  }

  /** Changes one that is there. */
  change(id: bigint, change: Omit<Partial<Notification>, "$typeName">): void {
    this.set(this.lists.current.notifications.map((one) => (one.id === id ? { ...one, ...change } : one)));
  }

  register(router: ConnectRouter, answer: Answer): void {
    const { lists } = this;
    router.service(NotificationService, {
      watchNotifications: (_, { signal }) => lists.watch(signal),
      postNotification: (request) =>
        answer("postNotification", request, () => {
          const { severity, source, code, message, remedy } = request;
          return { notification: this.post({ severity, source, code, message, remedy }) };
        }),
      acknowledgeNotifications: (request) =>
        answer("acknowledgeNotifications", request, () => this.acknowledge(request.ids)),
    });
  }

  private acknowledge(ids: readonly bigint[]): { revision: bigint } {
    const known = this.lists.current.notifications;
    if (ids.some((id) => !known.some((one) => one.id === id)))
      throw new ConnectError("There is no such notification.", Code.NotFound);
    const acknowledgedUnixNs = BigInt(Date.now()) * 1_000_000n;
    this.set(
      known.map((one) =>
        one.acknowledgedBy === "" && (ids.length === 0 || ids.includes(one.id))
          ? { ...one, acknowledgedBy: "operator window", acknowledgedUnixNs }
          : one,
      ),
    );
    return { revision: this.lists.current.revision };
  }

  private set(notifications: Notification[]): void {
    const revision = this.lists.current.revision + 1n;
    this.lists.push(create(WatchNotificationsResponseSchema, { revision, notifications }));
  }
}
