// Made by `make web/src/protocol/wire.ts` from the server's own types (server/wire_types.py): change those, not this.

export type WorkspaceId = number;
export type UserId = number;
export type ChannelId = number;
export type SketchId = number;
export type Seq = number;
export type SessionId = string;
export type RunId = number;
export type FileId = string;
export type Role = "admin" | "member";
export type ChannelKind = "channel" | "direct" | "ai";
export type Visibility = "public" | "private";
export type ChannelRole = "owner" | "moderator" | "member";
export type MessageKind = "text" | "file" | "sketch" | "ai" | "system";
export interface SubscribeFrame {
  readonly type: "subscribe";
  readonly ref?: string | null;
  readonly channel_id?: number | null;
  readonly after?: number | null;
}
export interface UnsubscribeFrame {
  readonly type: "unsubscribe";
  readonly ref?: string | null;
  readonly channel_id?: number | null;
}
export interface MessagePostFrame {
  readonly type: "message.post";
  readonly ref?: string | null;
  readonly channel_id?: number | null;
  readonly client_id: string;
  readonly text: string;
  readonly reply_to?: number | null;
  readonly thread?: number | null;
  readonly attachments?: ReadonlyArray<string>;
  readonly to_channel?: boolean;
}
export interface MessageEditFrame {
  readonly type: "message.edit";
  readonly ref?: string | null;
  readonly channel_id?: number | null;
  readonly seq: number;
  readonly text: string;
  readonly attachments?: ReadonlyArray<string>;
}
export interface MessageDeleteFrame {
  readonly type: "message.delete";
  readonly ref?: string | null;
  readonly channel_id?: number | null;
  readonly seq: number;
}
export interface MessagePinFrame {
  readonly type: "message.pin";
  readonly ref?: string | null;
  readonly channel_id?: number | null;
  readonly seq: number;
}
export interface MessageUnpinFrame {
  readonly type: "message.unpin";
  readonly ref?: string | null;
  readonly channel_id?: number | null;
  readonly seq: number;
}
export interface ReactionAddFrame {
  readonly type: "reaction.add";
  readonly ref?: string | null;
  readonly channel_id?: number | null;
  readonly seq: number;
  readonly emoji: string;
}
export interface ReactionRemoveFrame {
  readonly type: "reaction.remove";
  readonly ref?: string | null;
  readonly channel_id?: number | null;
  readonly seq: number;
  readonly emoji: string;
}
export interface ChannelReadFrame {
  readonly type: "channel.read";
  readonly ref?: string | null;
  readonly channel_id?: number | null;
  readonly seq: number;
  readonly thread?: number | null;
}
export interface CommandRunFrame {
  readonly type: "command.run";
  readonly ref?: string | null;
  readonly channel_id?: number | null;
  readonly client_id: string;
  readonly text: string;
  readonly thread?: number | null;
}
export interface TypeFrame {
  readonly type: "typing";
  readonly ref?: string | null;
  readonly channel_id?: number | null;
}
export interface AiAskFrame {
  readonly type: "ai.ask";
  readonly ref?: string | null;
  readonly channel_id?: number | null;
  readonly client_id: string;
  readonly text: string;
  readonly model?: string | null;
  readonly reply_to?: number | null;
  readonly thread?: number | null;
  readonly attachments?: ReadonlyArray<string>;
}
export interface AiStopFrame {
  readonly type: "ai.stop";
  readonly ref?: string | null;
  readonly run_id: number;
}
export interface AuthFrame {
  readonly type: "auth";
  readonly ref?: string | null;
  readonly token: string;
}
export interface PingFrame {
  readonly type: "ping";
  readonly ref?: string | null;
}
export type AskFrame = SubscribeFrame | UnsubscribeFrame | MessagePostFrame | MessageEditFrame | MessageDeleteFrame | MessagePinFrame | MessageUnpinFrame | ReactionAddFrame | ReactionRemoveFrame | ChannelReadFrame | CommandRunFrame | TypeFrame | AiAskFrame | AiStopFrame | AuthFrame | PingFrame;
export interface OkFrame {
  readonly type: "ok";
  readonly ref?: string;
}
export interface SubscribedFrame {
  readonly type: "ok";
  readonly ref?: string;
  readonly channel_id: ChannelId;
  readonly epoch: string;
  readonly head_seq: Seq;
  readonly events: ReadonlyArray<Fact>;
  readonly complete: boolean;
}
export interface ActedOkFrame {
  readonly type: "ok";
  readonly ref?: string;
  readonly seq: Seq;
}
export interface PostedOkFrame {
  readonly type: "ok";
  readonly ref?: string;
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly created_at: string;
}
export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  readonly user_ids: ReadonlyArray<UserId>;
}
export interface File {
  readonly id: FileId;
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly url: string;
  readonly width?: number;
  readonly height?: number;
  readonly thumbnail_url?: string;
}
export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly is_estimated: boolean;
  readonly cost: number | null;
}
export interface ToolUse {
  readonly name: string;
  readonly arguments: string;
  readonly is_ok: boolean;
  readonly writes: boolean;
  readonly undo: string | null;
  readonly undone: boolean;
}
export interface RunInfo {
  readonly run_id: RunId;
  readonly status: "running" | "done" | "stopped" | "interrupted" | "failed";
  readonly model: string;
  readonly asked_by: UserId;
  readonly detail?: string;
  readonly usage?: Usage;
  readonly tools?: ReadonlyArray<ToolUse>;
  readonly left_out?: number;
  readonly files_left_out?: number;
}
export interface Via {
  readonly kind: "incoming" | "outgoing" | "command";
  readonly id: number;
  readonly name: string;
  readonly icon?: string;
}
export interface Preview {
  readonly url: string;
  readonly title: string;
  readonly description: string;
  readonly site: string;
}
export interface Message {
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly author_id: UserId;
  readonly kind: MessageKind;
  readonly text: string;
  readonly client_id: string;
  readonly created_at: string;
  readonly edited_at: string | null;
  readonly deleted_at: string | null;
  readonly reply_to: Seq | null;
  readonly thread: Seq | null;
  readonly reactions: ReadonlyArray<Reaction>;
  readonly attachments: ReadonlyArray<File>;
  readonly sketch_id?: SketchId;
  readonly ai?: RunInfo;
  readonly mentions?: ReadonlyArray<UserId>;
  readonly broadcast?: "channel" | "here";
  readonly to_channel?: boolean;
  readonly pinned_at?: string;
  readonly pinned_by?: UserId;
  readonly reply_count?: number;
  readonly last_reply_seq?: Seq;
  readonly bot?: boolean;
  readonly via?: Via;
  readonly hidden_at?: string;
  readonly hidden_by?: UserId;
  readonly previews?: ReadonlyArray<Preview>;
  readonly html?: string;
}
export interface RanOkFrame {
  readonly type: "ok";
  readonly ref?: string;
  readonly text?: string;
  readonly message?: Message;
  readonly channel_id?: ChannelId;
}
export interface AskedOkFrame {
  readonly type: "ok";
  readonly ref?: string;
  readonly run_id: RunId;
  readonly seq: Seq;
}
export interface PongFrame {
  readonly type: "pong";
  readonly ref?: string;
}
export interface User {
  readonly id: UserId;
  readonly username: string;
  readonly display_name: string;
  readonly role: Role;
  readonly created_at: string;
  readonly status: string;
  readonly disabled: boolean;
  readonly deleted: boolean;
  readonly bot?: boolean;
}
export interface HelloFrame {
  readonly type: "hello";
  readonly ref?: string;
  readonly user: User;
  readonly connection_id: string;
  readonly epoch: string;
  readonly ping_seconds: number;
  readonly channel_id?: ChannelId;
  readonly head_seq?: Seq;
}
export interface ReconnectFrame {
  readonly type: "reconnect";
  readonly ref?: string;
  readonly after_ms: number;
}
export interface ErrorFrame {
  readonly type: "error";
  readonly ref?: string;
  readonly code: string;
  readonly detail: string;
  readonly retry_after?: number;
}
export type AnswerFrame = OkFrame | SubscribedFrame | ActedOkFrame | PostedOkFrame | RanOkFrame | AskedOkFrame | PongFrame | HelloFrame | ReconnectFrame | ErrorFrame;
export interface MessagePosted {
  readonly type: "message.posted";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly message: Message;
}
export interface MessageEdited {
  readonly type: "message.edited";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly message: Message;
}
export interface MessageDeleted {
  readonly type: "message.deleted";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly message_seq: Seq;
  readonly by: UserId;
  readonly deleted_at: string;
}
export interface ReactionAdded {
  readonly type: "reaction.added";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly message_seq: Seq;
  readonly user_id: UserId;
  readonly emoji: string;
}
export interface ReactionRemoved {
  readonly type: "reaction.removed";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly message_seq: Seq;
  readonly user_id: UserId;
  readonly emoji: string;
}
export interface MessagePinned {
  readonly type: "message.pinned";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly message_seq: Seq;
  readonly user_id: UserId;
  readonly pinned_at: string;
}
export interface MessageUnpinned {
  readonly type: "message.unpinned";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly message_seq: Seq;
  readonly user_id: UserId;
}
export interface MemberJoined {
  readonly type: "member.joined";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly user_id: UserId;
  readonly role: string;
}
export interface MemberLeft {
  readonly type: "member.left";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly user_id: UserId;
  readonly by: UserId | null;
}
export interface MemberChanged {
  readonly type: "member.changed";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly user_id: UserId;
  readonly role: string;
}
export interface Membership {
  readonly role: ChannelRole;
  readonly last_read_seq: Seq;
  readonly unread: number;
  readonly mentions: number;
  readonly notifications?: "all" | "mentions" | "none";
  readonly muted_until?: string;
  readonly mute_reason?: string;
}
export interface Channel {
  readonly id: ChannelId;
  readonly name: string;
  readonly description: string;
  readonly kind: ChannelKind;
  readonly visibility: Visibility;
  readonly has_password: boolean;
  readonly creator_id: UserId;
  readonly created_at: string;
  readonly head_seq: Seq;
  readonly member_count: number;
  readonly membership: Membership | null;
  readonly direct_user_ids: ReadonlyArray<UserId> | null;
  readonly archived_at?: string;
  readonly slow_seconds?: number;
  readonly post_role?: ChannelRole;
}
export interface ChannelUpdated {
  readonly type: "channel.updated";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly channel: Channel;
}
export interface ChannelDeleted {
  readonly type: "channel.deleted";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
}
export interface Sketch {
  readonly id: SketchId;
  readonly channel_id: ChannelId;
  readonly title: string;
  readonly profile: "sketch" | "generic";
  readonly epoch: string;
  readonly head_seq: number;
  readonly creator_id: UserId;
  readonly created_at: string;
  readonly updated_at: string;
  readonly message_seq: number | null;
}
export interface SketchCreated {
  readonly type: "sketch.created";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly sketch: Sketch;
}
export interface SketchUpdated {
  readonly type: "sketch.updated";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly sketch: Sketch;
}
export interface SketchDeleted {
  readonly type: "sketch.deleted";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly sketch_id: SketchId;
}
export interface SketchLinkRevoked {
  readonly type: "sketch.link_revoked";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly sketch_id: SketchId;
  readonly link_id: number;
}
export interface SketchCommented {
  readonly type: "sketch.commented";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly sketch_id: SketchId;
  readonly comment_id: number;
}
export interface SketchCommentUpdated {
  readonly type: "sketch.comment_updated";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly sketch_id: SketchId;
  readonly comment_id: number;
}
export interface AiStarted {
  readonly type: "ai.started";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly run_id: RunId;
  readonly message: Message;
}
export interface AiFinished {
  readonly type: "ai.finished";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly run_id: RunId;
  readonly message: Message;
}
export interface AiUndone {
  readonly type: "ai.undone";
  readonly channel_id: ChannelId;
  readonly seq: Seq;
  readonly run_id: RunId;
  readonly user_id: UserId;
  readonly message: Message;
}
export type Fact = MessagePosted | MessageEdited | MessageDeleted | ReactionAdded | ReactionRemoved | MessagePinned | MessageUnpinned | MemberJoined | MemberLeft | MemberChanged | ChannelUpdated | ChannelDeleted | SketchCreated | SketchUpdated | SketchDeleted | SketchLinkRevoked | SketchCommented | SketchCommentUpdated | AiStarted | AiFinished | AiUndone;
export interface Typing {
  readonly type: "typing";
  readonly channel_id: ChannelId;
  readonly user_id: UserId;
}
export interface PresenceChanged {
  readonly type: "presence.changed";
  readonly channel_id: ChannelId;
  readonly online: ReadonlyArray<UserId>;
  readonly offline: ReadonlyArray<UserId>;
}
export interface SketchChanged {
  readonly type: "sketch.changed";
  readonly channel_id: ChannelId;
  readonly sketch_id: SketchId;
  readonly sketch_seq: number;
}
export interface AiDelta {
  readonly type: "ai.delta";
  readonly channel_id: ChannelId;
  readonly run_id: RunId;
  readonly offset: number;
  readonly text: string;
}
export type PassingFact = Typing | PresenceChanged | SketchChanged | AiDelta;
export interface MembershipMuted {
  readonly type: "membership.muted";
  readonly user_id: UserId;
  readonly channel_id: ChannelId;
  readonly until: string | null;
  readonly reason: string;
}
export interface MembershipBanned {
  readonly type: "membership.banned";
  readonly user_id: UserId;
  readonly channel_id: ChannelId;
  readonly until: string;
  readonly reason: string;
}
export interface ReportCreated {
  readonly type: "report.created";
  readonly user_id: UserId;
  readonly channel_id: ChannelId;
  readonly report_id: number;
  readonly message_seq: Seq;
}
export interface ChannelRead {
  readonly type: "channel.read";
  readonly user_id: UserId;
  readonly channel_id: ChannelId;
  readonly last_read_seq: Seq;
  readonly unread: number;
  readonly mentions: number;
  readonly head_seq: Seq;
  readonly thread?: Seq;
}
export interface MembershipUpdated {
  readonly type: "membership.updated";
  readonly user_id: UserId;
  readonly channel_id: ChannelId;
  readonly notifications: "all" | "mentions" | "none" | null;
}
export interface SessionRevoked {
  readonly type: "session.revoked";
  readonly user_id: UserId;
  readonly session_id: SessionId;
}
export interface UserRevoked {
  readonly type: "user.revoked";
  readonly user_id: UserId;
}
export interface UserUpdated {
  readonly type: "user.updated";
  readonly user_id: UserId;
}
export interface ChannelOpened {
  readonly type: "channel.opened";
  readonly user_id: UserId;
  readonly channel_id: ChannelId;
}
export interface ChannelClosed {
  readonly type: "channel.closed";
  readonly user_id: UserId;
  readonly channel_id: ChannelId;
}
export type PersonalFact = MembershipMuted | MembershipBanned | ReportCreated | ChannelRead | MembershipUpdated | SessionRevoked | UserRevoked | UserUpdated | ChannelOpened | ChannelClosed;
export type ServerFrame = AnswerFrame | Fact | PassingFact | PersonalFact;
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly request_id: string;
  readonly fields?: Readonly<Record<string, string>>;
}
export interface Instance {
  readonly name: string;
  readonly version: string;
  readonly registration: "open" | "invite" | "closed";
  readonly is_new: boolean;
  readonly file_bytes: number;
  readonly push_key?: string;
}
export interface Register {
  readonly username: string;
  readonly password: string;
  readonly display_name?: string | null;
  readonly invite?: string | null;
}
export interface Session {
  readonly user: User;
  readonly session_id: SessionId;
  readonly access_token: string;
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly token_type: "Bearer";
}
export interface Login {
  readonly username: string;
  readonly password: string;
  readonly totp_code?: string | null;
}
export interface Refresh {
  readonly refresh_token?: string | null;
}
export interface Revoke {
  readonly session_id?: string | null;
  readonly all?: boolean;
}
export interface SessionInfo {
  readonly session_id: SessionId;
  readonly created_at: string;
  readonly last_used_at: string;
  readonly user_agent: string;
  readonly current: boolean;
}
export interface Page<T> {
  readonly items: ReadonlyArray<T>;
  readonly next_cursor: string | null;
}
export interface CreateInvite {
  readonly uses?: number;
  readonly hours?: number;
}
export interface Invite {
  readonly id: string;
  readonly uses_left: number;
  readonly expires_at: string;
  readonly created_by: UserId;
  readonly invite: string | null;
}
export interface UpdateMe {
  readonly display_name?: string;
  readonly status?: string;
  readonly password?: string;
  readonly current_password?: string;
}
export interface QuietHours {
  readonly start: string;
  readonly end: string;
  readonly timezone?: string;
}
export interface Preferences {
  readonly do_not_disturb?: QuietHours | null;
}
export interface PushKeys {
  readonly p256dh: string;
  readonly auth: string;
}
export interface Subscribe {
  readonly endpoint: string;
  readonly keys: PushKeys;
  readonly shows_text?: boolean;
  readonly expirationTime?: number | null;
}
export interface PushSubscription {
  readonly id: string;
  readonly session_id: SessionId;
  readonly service: string;
  readonly shows_text: boolean;
  readonly created_at: string;
}
export interface UserQuery {
  readonly q?: string;
  readonly limit?: number;
  readonly cursor?: string | null;
}
export interface UpdateUser {
  readonly role?: Role;
  readonly disabled?: boolean;
}
export interface Command {
  readonly name: string;
  readonly hint: string;
  readonly description: string;
  readonly id?: number;
  readonly url?: string;
  readonly created_by?: UserId;
  readonly created_at?: string;
  readonly secret?: string;
}
export interface CreateCommand {
  readonly name: string;
  readonly url: string;
  readonly description?: string;
  readonly hint?: string;
}
export interface UpdateCommand {
  readonly url?: string;
  readonly description?: string;
  readonly hint?: string;
}
export interface RunCommand {
  readonly client_id: string;
  readonly text: string;
  readonly thread?: number | null;
}
export interface Ran {
  readonly text: string | null;
  readonly message: Message | null;
  readonly channel_id: ChannelId | null;
}
export interface CreateBot {
  readonly username: string;
  readonly display_name?: string | null;
  readonly description?: string;
}
export interface Bot {
  readonly id: UserId;
  readonly username: string;
  readonly display_name: string;
  readonly description: string;
  readonly created_by: UserId;
  readonly created_at: string;
  readonly disabled: boolean;
}
export interface BotQuery {
  readonly limit?: number;
  readonly cursor?: string | null;
}
export interface CreateBotToken {
  readonly name: string;
  readonly scopes: ReadonlyArray<"read" | "post" | "sketch" | "manage">;
  readonly hours?: number | null;
}
export interface BotToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: ReadonlyArray<"read" | "post" | "sketch" | "manage">;
  readonly created_by: UserId;
  readonly created_at: string;
  readonly last_used_at: string | null;
  readonly expires_at: string | null;
  readonly token: string | null;
}
export interface CreateChannel {
  readonly name: string;
  readonly description?: string;
  readonly visibility?: Visibility;
  readonly password?: string | null;
}
export interface ChannelQuery {
  readonly scope?: "joined" | "all";
  readonly q?: string;
  readonly limit?: number;
  readonly cursor?: string | null;
}
export interface UpdateChannel {
  readonly name?: string;
  readonly description?: string;
  readonly password?: string | null;
  readonly slow_seconds?: number;
  readonly post_role?: ChannelRole;
  readonly archived?: boolean;
}
export interface JoinChannel {
  readonly password?: string | null;
}
export interface MemberQuery {
  readonly limit?: number;
  readonly cursor?: string | null;
}
export interface Member {
  readonly user_id: UserId;
  readonly username: string;
  readonly display_name: string;
  readonly role: ChannelRole;
  readonly joined_at: string;
}
export interface PutMember {
  readonly role?: ChannelRole;
}
export interface MarkRead {
  readonly seq: number;
  readonly thread?: number | null;
}
export interface UpdateMembership {
  readonly notifications: "all" | "mentions" | "none" | null;
}
export interface OpenDirect {
  readonly user_ids: ReadonlyArray<number>;
}
export interface PostMessage {
  readonly client_id: string;
  readonly text: string;
  readonly reply_to?: number | null;
  readonly thread?: number | null;
  readonly attachments?: ReadonlyArray<string>;
  readonly to_channel?: boolean;
}
export interface HistoryQuery {
  readonly before?: number | null;
  readonly after?: number | null;
  readonly around?: number | null;
  readonly limit?: number;
  readonly cursor?: string | null;
}
export interface MessageQuery {
  readonly render?: "html" | null;
}
export interface EditMessage {
  readonly text: string;
  readonly attachments?: ReadonlyArray<string>;
}
export interface Version {
  readonly number: number;
  readonly text: string;
  readonly replaced_by: UserId;
  readonly replaced_at: string;
}
export interface ThreadQuery {
  readonly limit?: number;
  readonly cursor?: string | null;
}
export interface ThreadsQuery {
  readonly unread?: boolean;
  readonly channel_id?: number | null;
  readonly thread?: number | null;
  readonly limit?: number;
  readonly cursor?: string | null;
}
export interface Thread {
  readonly channel_id: ChannelId;
  readonly thread: Seq;
  readonly last_read_seq: Seq;
  readonly unread: number;
  readonly mentions: number;
  readonly root: Message;
}
export interface AuditQuery {
  readonly actor_id?: number | null;
  readonly user_id?: number | null;
  readonly channel_id?: number | null;
  readonly action?: string | null;
  readonly since?: string | null;
  readonly until?: string | null;
  readonly limit?: number;
  readonly cursor?: string | null;
}
export interface Deed {
  readonly id: number;
  readonly created_at: string;
  readonly actor_id: UserId;
  readonly action: string;
  readonly channel_id: ChannelId | null;
  readonly user_id: UserId | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly address: string | null;
}
export interface ReportQuery {
  readonly state?: "open" | "resolved" | "dismissed" | null;
  readonly limit?: number;
  readonly cursor?: string | null;
}
export interface Report {
  readonly channel_id: ChannelId;
  readonly id: number;
  readonly message_seq: Seq;
  readonly reporter_id: UserId;
  readonly reason: "spam" | "abuse" | "illegal" | "off_topic" | "other";
  readonly note: string;
  readonly created_at: string;
  readonly state: "open" | "resolved" | "dismissed";
  readonly resolved_by: UserId | null;
  readonly resolved_at: string | null;
  readonly resolution: string;
}
export interface RestraintQuery {
  readonly limit?: number;
  readonly cursor?: string | null;
}
export interface Restraint {
  readonly user_id: UserId;
  readonly until: string;
  readonly reason: string;
  readonly created_by: UserId;
  readonly created_at: string;
}
export interface PutRestraint {
  readonly reason?: string;
  readonly hours?: number | null;
}
export interface ReportMessage {
  readonly reason: "spam" | "abuse" | "illegal" | "off_topic" | "other";
  readonly note?: string;
}
export interface ResolveReport {
  readonly state: "open" | "resolved" | "dismissed";
  readonly note?: string;
}
export interface SearchQuery {
  readonly q?: string;
  readonly channel_id?: number | null;
  readonly from?: string | null;
  readonly before?: string | null;
  readonly after?: string | null;
  readonly has?: "file" | "link" | "sketch" | null;
  readonly limit?: number;
  readonly cursor?: string | null;
}
export interface Hit {
  readonly channel_id: ChannelId;
  readonly message: Message;
  readonly highlight: string;
}
export interface Found {
  readonly items: ReadonlyArray<Hit>;
  readonly next_cursor: string | null;
  readonly complete: boolean;
}
export interface EventsQuery {
  readonly after?: number;
  readonly limit?: number;
}
export interface Events {
  readonly epoch: string;
  readonly head_seq: Seq;
  readonly events: ReadonlyArray<Fact>;
}
export interface Present {
  readonly user_id: UserId;
  readonly status: "online";
}
export interface CreateIncomingHook {
  readonly name: string;
  readonly may_broadcast?: boolean;
}
export interface IncomingHook {
  readonly channel_id: ChannelId;
  readonly id: number;
  readonly name: string;
  readonly may_broadcast: boolean;
  readonly created_by: UserId;
  readonly created_at: string;
  readonly last_used_at: string | null;
  readonly url: string | null;
}
export interface UpdateIncomingHook {
  readonly name?: string;
  readonly may_broadcast?: boolean;
}
export interface CreateOutgoingHook {
  readonly name: string;
  readonly url: string;
  readonly events: ReadonlyArray<"message.posted" | "message.edited" | "message.deleted" | "reaction.added" | "reaction.removed" | "message.pinned" | "message.unpinned" | "member.joined" | "member.left" | "member.changed" | "channel.updated">;
  readonly triggers?: ReadonlyArray<string>;
}
export interface OutgoingHook {
  readonly channel_id: ChannelId;
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly events: ReadonlyArray<"message.posted" | "message.edited" | "message.deleted" | "reaction.added" | "reaction.removed" | "message.pinned" | "message.unpinned" | "member.joined" | "member.left" | "member.changed" | "channel.updated">;
  readonly triggers: ReadonlyArray<string>;
  readonly created_by: UserId;
  readonly created_at: string;
  readonly cursor_seq: Seq;
  readonly waiting: number;
  readonly attempts: number;
  readonly failing_since: string | null;
  readonly last_error: string | null;
  readonly disabled_at: string | null;
  readonly secret: string | null;
}
export interface UpdateOutgoingHook {
  readonly name?: string;
  readonly url?: string;
  readonly events?: ReadonlyArray<"message.posted" | "message.edited" | "message.deleted" | "reaction.added" | "reaction.removed" | "message.pinned" | "message.unpinned" | "member.joined" | "member.left" | "member.changed" | "channel.updated">;
  readonly triggers?: ReadonlyArray<string>;
  readonly disabled?: boolean;
}
export interface DeadLetterQuery {
  readonly limit?: number;
  readonly cursor?: string | null;
}
export interface DeadLetter {
  readonly seq: Seq;
  readonly attempts: number;
  readonly error: string;
  readonly died_at: string;
}
export interface CreateSketch {
  readonly title: string;
  readonly profile?: "sketch" | "generic";
}
export interface SketchQuery {
  readonly limit?: number;
  readonly cursor?: string | null;
}
export interface SketchSettings {
  readonly allows_generic: boolean;
}
export interface PutSketchSettings {
  readonly allows_generic: boolean;
}
export interface UpdateSketch {
  readonly title?: string;
}
export interface DrawElements {
  readonly elements: ReadonlyArray<Readonly<Record<string, unknown>>>;
}
export interface Elements {
  readonly ids: ReadonlyArray<string>;
  readonly seq: number;
}
export interface SketchVersion {
  readonly number: number;
  readonly label: string;
  readonly seq: number;
  readonly author_id: UserId;
  readonly created_at: string;
}
export interface CreateVersion {
  readonly label: string;
}
export interface ExcalidrawFile {
  readonly type: "excalidraw";
  readonly elements: ReadonlyArray<unknown>;
  readonly files: Readonly<Record<string, unknown>>;
  readonly appState: Readonly<Record<string, unknown>>;
}
export interface ImportSketch {
  readonly file: ExcalidrawFile;
  readonly title?: string;
}
export interface PictureQuery {
  readonly longest?: number;
}
export interface Comment {
  readonly id: number;
  readonly sketch_id: SketchId;
  readonly thread: number | null;
  readonly element_id: string | null;
  readonly text: string;
  readonly author_id: UserId;
  readonly created_at: string;
  readonly resolved_at: string | null;
  readonly deleted_at: string | null;
}
export interface CreateComment {
  readonly text: string;
  readonly element_id?: string | null;
  readonly thread?: number | null;
}
export interface UpdateComment {
  readonly resolved: boolean;
}
export interface SharedSketch {
  readonly id: SketchId;
  readonly title: string;
  readonly epoch: string;
}
export interface Link {
  readonly id: number;
  readonly author_id: UserId;
  readonly created_at: string;
  readonly token: string | null;
}
export interface AiChannel {
  readonly model: string | null;
  readonly system: string;
}
export interface SetAiChannel {
  readonly model?: string | null;
  readonly system?: string;
}
export interface Model {
  readonly id: string;
  readonly is_default: boolean;
  readonly context_tokens: number;
  readonly answer_tokens: number;
  readonly prompt_price: number | null;
  readonly completion_price: number | null;
}
export interface Allowance {
  readonly scope: "user" | "channel" | "workspace";
  readonly period: "day" | "month";
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly cost: number;
  readonly limit: number | null;
  readonly resets_at: string;
}
export interface UsageReport {
  readonly allowances: ReadonlyArray<Allowance>;
  readonly running: number;
  readonly most_at_once: number;
}
export interface CreateConversation {
  readonly model?: string | null;
  readonly system?: string;
  readonly name?: string | null;
}
export interface ConversationQuery {
  readonly limit?: number;
  readonly cursor?: string | null;
}
export interface AskAi {
  readonly channel_id: number;
  readonly text: string;
  readonly client_id: string;
  readonly model?: string | null;
  readonly stream?: boolean;
  readonly reply_to?: number | null;
  readonly thread?: number | null;
  readonly branch_of?: number | null;
  readonly attachments?: ReadonlyArray<string>;
}
export interface Answered {
  readonly run_id: RunId;
  readonly message: Message;
  readonly usage: Usage | null;
}
export interface GoOn {
  readonly stream?: boolean;
}
export interface AnswerAgain {
  readonly model?: string | null;
  readonly stream?: boolean;
}
export interface Operations {
  readonly get_instance: { method: "GET"; path: "/api/v1/instance"; gives: Instance };
  readonly register: { method: "POST"; path: "/api/v1/auth/register"; body: Register; gives: Session };
  readonly login: { method: "POST"; path: "/api/v1/auth/login"; body: Login; gives: Session };
  readonly refresh: { method: "POST"; path: "/api/v1/auth/refresh"; body: Refresh; gives: Session };
  readonly logout: { method: "POST"; path: "/api/v1/auth/logout"; gives: null };
  readonly revoke: { method: "POST"; path: "/api/v1/auth/revoke"; body: Revoke; gives: null };
  readonly list_sessions: { method: "GET"; path: "/api/v1/auth/sessions"; gives: Page<SessionInfo> };
  readonly create_invite: { method: "POST"; path: "/api/v1/auth/invites"; body: CreateInvite; gives: Invite };
  readonly list_invites: { method: "GET"; path: "/api/v1/auth/invites"; gives: Page<Invite> };
  readonly delete_invite: { method: "DELETE"; path: "/api/v1/auth/invites/{invite_id}"; gives: null };
  readonly get_me: { method: "GET"; path: "/api/v1/users/me"; gives: User };
  readonly update_me: { method: "PATCH"; path: "/api/v1/users/me"; body: UpdateMe; gives: User };
  readonly get_preferences: { method: "GET"; path: "/api/v1/users/me/preferences"; gives: Preferences };
  readonly put_preferences: { method: "PUT"; path: "/api/v1/users/me/preferences"; body: Preferences; gives: Preferences };
  readonly create_push_subscription: { method: "POST"; path: "/api/v1/push/subscriptions"; body: Subscribe; gives: PushSubscription };
  readonly list_push_subscriptions: { method: "GET"; path: "/api/v1/push/subscriptions"; gives: Page<PushSubscription> };
  readonly delete_push_subscription: { method: "DELETE"; path: "/api/v1/push/subscriptions/{subscription_id}"; gives: null };
  readonly list_users: { method: "GET"; path: "/api/v1/users"; query: UserQuery; gives: Page<User> };
  readonly get_user: { method: "GET"; path: "/api/v1/users/{user_id}"; gives: User };
  readonly update_user: { method: "PATCH"; path: "/api/v1/users/{user_id}"; body: UpdateUser; gives: User };
  readonly delete_user: { method: "DELETE"; path: "/api/v1/users/{user_id}"; gives: null };
  readonly list_commands: { method: "GET"; path: "/api/v1/commands"; gives: Page<Command> };
  readonly create_command: { method: "POST"; path: "/api/v1/commands"; body: CreateCommand; gives: Command };
  readonly update_command: { method: "PATCH"; path: "/api/v1/commands/{command_id}"; body: UpdateCommand; gives: Command };
  readonly delete_command: { method: "DELETE"; path: "/api/v1/commands/{command_id}"; gives: null };
  readonly run_command: { method: "POST"; path: "/api/v1/channels/{channel_id}/commands"; body: RunCommand; gives: Ran };
  readonly create_bot: { method: "POST"; path: "/api/v1/bots"; body: CreateBot; gives: Bot };
  readonly list_bots: { method: "GET"; path: "/api/v1/bots"; query: BotQuery; gives: Page<Bot> };
  readonly create_bot_token: { method: "POST"; path: "/api/v1/bots/{user_id}/tokens"; body: CreateBotToken; gives: BotToken };
  readonly list_bot_tokens: { method: "GET"; path: "/api/v1/bots/{user_id}/tokens"; gives: Page<BotToken> };
  readonly revoke_bot_token: { method: "DELETE"; path: "/api/v1/bots/{user_id}/tokens/{token_id}"; gives: null };
  readonly create_channel: { method: "POST"; path: "/api/v1/channels"; body: CreateChannel; gives: Channel };
  readonly list_channels: { method: "GET"; path: "/api/v1/channels"; query: ChannelQuery; gives: Page<Channel> };
  readonly get_channel: { method: "GET"; path: "/api/v1/channels/{channel_id}"; gives: Channel };
  readonly update_channel: { method: "PATCH"; path: "/api/v1/channels/{channel_id}"; body: UpdateChannel; gives: Channel };
  readonly delete_channel: { method: "DELETE"; path: "/api/v1/channels/{channel_id}"; gives: null };
  readonly join_channel: { method: "POST"; path: "/api/v1/channels/{channel_id}/join"; body: JoinChannel; gives: Channel };
  readonly leave_channel: { method: "POST"; path: "/api/v1/channels/{channel_id}/leave"; gives: null };
  readonly list_members: { method: "GET"; path: "/api/v1/channels/{channel_id}/members"; query: MemberQuery; gives: Page<Member> };
  readonly put_member: { method: "PUT"; path: "/api/v1/channels/{channel_id}/members/{user_id}"; body: PutMember; gives: null };
  readonly remove_member: { method: "DELETE"; path: "/api/v1/channels/{channel_id}/members/{user_id}"; gives: null };
  readonly mark_read: { method: "POST"; path: "/api/v1/channels/{channel_id}/read"; body: MarkRead; gives: null };
  readonly update_membership: { method: "PATCH"; path: "/api/v1/channels/{channel_id}/membership"; body: UpdateMembership; gives: null };
  readonly open_direct: { method: "POST"; path: "/api/v1/direct"; body: OpenDirect; gives: Channel };
  readonly post_message: { method: "POST"; path: "/api/v1/channels/{channel_id}/messages"; body: PostMessage; gives: Message };
  readonly list_messages: { method: "GET"; path: "/api/v1/channels/{channel_id}/messages"; query: HistoryQuery; gives: Page<Message> };
  readonly get_message: { method: "GET"; path: "/api/v1/channels/{channel_id}/messages/{seq}"; query: MessageQuery; gives: Message };
  readonly edit_message: { method: "PATCH"; path: "/api/v1/channels/{channel_id}/messages/{seq}"; body: EditMessage; gives: Message };
  readonly delete_message: { method: "DELETE"; path: "/api/v1/channels/{channel_id}/messages/{seq}"; gives: null };
  readonly list_versions: { method: "GET"; path: "/api/v1/channels/{channel_id}/messages/{seq}/versions"; gives: Page<Version> };
  readonly add_reaction: { method: "PUT"; path: "/api/v1/channels/{channel_id}/messages/{seq}/reactions/{emoji:emoji}"; gives: null };
  readonly remove_reaction: { method: "DELETE"; path: "/api/v1/channels/{channel_id}/messages/{seq}/reactions/{emoji:emoji}"; gives: null };
  readonly pin_message: { method: "PUT"; path: "/api/v1/channels/{channel_id}/messages/{seq}/pin"; gives: null };
  readonly unpin_message: { method: "DELETE"; path: "/api/v1/channels/{channel_id}/messages/{seq}/pin"; gives: null };
  readonly get_thread: { method: "GET"; path: "/api/v1/channels/{channel_id}/threads/{seq}"; query: ThreadQuery; gives: Page<Message> };
  readonly follow_thread: { method: "PUT"; path: "/api/v1/channels/{channel_id}/threads/{seq}/follow"; gives: null };
  readonly unfollow_thread: { method: "DELETE"; path: "/api/v1/channels/{channel_id}/threads/{seq}/follow"; gives: null };
  readonly list_threads: { method: "GET"; path: "/api/v1/threads"; query: ThreadsQuery; gives: Page<Thread> };
  readonly list_audit: { method: "GET"; path: "/api/v1/audit"; query: AuditQuery; gives: Page<Deed> };
  readonly list_all_reports: { method: "GET"; path: "/api/v1/reports"; query: ReportQuery; gives: Page<Report> };
  readonly list_banned_users: { method: "GET"; path: "/api/v1/bans"; query: RestraintQuery; gives: Page<Restraint> };
  readonly ban_user: { method: "PUT"; path: "/api/v1/users/{user_id}/ban"; body: PutRestraint; gives: null };
  readonly unban_user: { method: "DELETE"; path: "/api/v1/users/{user_id}/ban"; gives: null };
  readonly list_bans: { method: "GET"; path: "/api/v1/channels/{channel_id}/bans"; query: RestraintQuery; gives: Page<Restraint> };
  readonly ban_member: { method: "PUT"; path: "/api/v1/channels/{channel_id}/bans/{user_id}"; body: PutRestraint; gives: null };
  readonly unban_member: { method: "DELETE"; path: "/api/v1/channels/{channel_id}/bans/{user_id}"; gives: null };
  readonly list_mutes: { method: "GET"; path: "/api/v1/channels/{channel_id}/mutes"; query: RestraintQuery; gives: Page<Restraint> };
  readonly mute_member: { method: "PUT"; path: "/api/v1/channels/{channel_id}/mutes/{user_id}"; body: PutRestraint; gives: null };
  readonly unmute_member: { method: "DELETE"; path: "/api/v1/channels/{channel_id}/mutes/{user_id}"; gives: null };
  readonly hide_message: { method: "PUT"; path: "/api/v1/channels/{channel_id}/messages/{seq}/hidden"; gives: null };
  readonly show_message: { method: "DELETE"; path: "/api/v1/channels/{channel_id}/messages/{seq}/hidden"; gives: null };
  readonly report_message: { method: "POST"; path: "/api/v1/channels/{channel_id}/messages/{seq}/report"; body: ReportMessage; gives: Report };
  readonly list_reports: { method: "GET"; path: "/api/v1/channels/{channel_id}/reports"; query: ReportQuery; gives: Page<Report> };
  readonly resolve_report: { method: "PATCH"; path: "/api/v1/channels/{channel_id}/reports/{report_id}"; body: ResolveReport; gives: Report };
  readonly search: { method: "GET"; path: "/api/v1/search"; query: SearchQuery; gives: Found };
  readonly list_pinned: { method: "GET"; path: "/api/v1/channels/{channel_id}/pins"; gives: Page<Message> };
  readonly list_events: { method: "GET"; path: "/api/v1/channels/{channel_id}/events"; query: EventsQuery; gives: Events };
  readonly list_present: { method: "GET"; path: "/api/v1/channels/{channel_id}/presence"; gives: Page<Present> };
  readonly create_incoming_hook: { method: "POST"; path: "/api/v1/channels/{channel_id}/hooks/incoming"; body: CreateIncomingHook; gives: IncomingHook };
  readonly list_incoming_hooks: { method: "GET"; path: "/api/v1/channels/{channel_id}/hooks/incoming"; gives: Page<IncomingHook> };
  readonly update_incoming_hook: { method: "PATCH"; path: "/api/v1/channels/{channel_id}/hooks/incoming/{hook_id}"; body: UpdateIncomingHook; gives: IncomingHook };
  readonly delete_incoming_hook: { method: "DELETE"; path: "/api/v1/channels/{channel_id}/hooks/incoming/{hook_id}"; gives: null };
  readonly rotate_incoming_hook: { method: "POST"; path: "/api/v1/channels/{channel_id}/hooks/incoming/{hook_id}/rotate"; gives: IncomingHook };
  readonly create_outgoing_hook: { method: "POST"; path: "/api/v1/channels/{channel_id}/hooks/outgoing"; body: CreateOutgoingHook; gives: OutgoingHook };
  readonly list_outgoing_hooks: { method: "GET"; path: "/api/v1/channels/{channel_id}/hooks/outgoing"; gives: Page<OutgoingHook> };
  readonly update_outgoing_hook: { method: "PATCH"; path: "/api/v1/channels/{channel_id}/hooks/outgoing/{hook_id}"; body: UpdateOutgoingHook; gives: OutgoingHook };
  readonly delete_outgoing_hook: { method: "DELETE"; path: "/api/v1/channels/{channel_id}/hooks/outgoing/{hook_id}"; gives: null };
  readonly list_dead_letters: { method: "GET"; path: "/api/v1/channels/{channel_id}/hooks/outgoing/{hook_id}/dead"; query: DeadLetterQuery; gives: Page<DeadLetter> };
  readonly discard_dead_letter: { method: "DELETE"; path: "/api/v1/channels/{channel_id}/hooks/outgoing/{hook_id}/dead/{seq}"; gives: null };
  readonly redeliver_dead_letter: { method: "POST"; path: "/api/v1/channels/{channel_id}/hooks/outgoing/{hook_id}/dead/{seq}/redeliver"; gives: null };
  readonly create_sketch: { method: "POST"; path: "/api/v1/channels/{channel_id}/sketches"; body: CreateSketch; gives: Sketch };
  readonly list_sketches: { method: "GET"; path: "/api/v1/channels/{channel_id}/sketches"; query: SketchQuery; gives: Page<Sketch> };
  readonly get_sketch_settings: { method: "GET"; path: "/api/v1/channels/{channel_id}/sketches/settings"; gives: SketchSettings };
  readonly put_sketch_settings: { method: "PUT"; path: "/api/v1/channels/{channel_id}/sketches/settings"; body: PutSketchSettings; gives: SketchSettings };
  readonly get_sketch: { method: "GET"; path: "/api/v1/sketches/{sketch_id}"; gives: Sketch };
  readonly update_sketch: { method: "PATCH"; path: "/api/v1/sketches/{sketch_id}"; body: UpdateSketch; gives: Sketch };
  readonly delete_sketch: { method: "DELETE"; path: "/api/v1/sketches/{sketch_id}"; gives: null };
  readonly get_sketch_state: { method: "GET"; path: "/api/v1/sketches/{sketch_id}/state"; gives: null };
  readonly draw_elements: { method: "POST"; path: "/api/v1/sketches/{sketch_id}/elements"; body: DrawElements; gives: Elements };
  readonly list_sketch_versions: { method: "GET"; path: "/api/v1/sketches/{sketch_id}/versions"; query: SketchQuery; gives: Page<SketchVersion> };
  readonly create_sketch_version: { method: "POST"; path: "/api/v1/sketches/{sketch_id}/versions"; body: CreateVersion; gives: SketchVersion };
  readonly restore_sketch_version: { method: "POST"; path: "/api/v1/sketches/{sketch_id}/versions/{version}/restore"; gives: Sketch };
  readonly export_sketch_version: { method: "GET"; path: "/api/v1/sketches/{sketch_id}/versions/{version}/export.svg"; gives: null };
  readonly import_sketch: { method: "POST"; path: "/api/v1/channels/{channel_id}/sketches/import"; body: ImportSketch; gives: Sketch };
  readonly export_svg: { method: "GET"; path: "/api/v1/sketches/{sketch_id}/export.svg"; gives: null };
  readonly export_png: { method: "GET"; path: "/api/v1/sketches/{sketch_id}/export.png"; query: PictureQuery; gives: null };
  readonly export_json: { method: "GET"; path: "/api/v1/sketches/{sketch_id}/export.json"; gives: null };
  readonly export_excalidraw: { method: "GET"; path: "/api/v1/sketches/{sketch_id}/export.excalidraw"; gives: null };
  readonly list_comments: { method: "GET"; path: "/api/v1/sketches/{sketch_id}/comments"; query: SketchQuery; gives: Page<Comment> };
  readonly create_comment: { method: "POST"; path: "/api/v1/sketches/{sketch_id}/comments"; body: CreateComment; gives: Comment };
  readonly update_comment: { method: "PATCH"; path: "/api/v1/sketches/{sketch_id}/comments/{comment_id}"; body: UpdateComment; gives: Comment };
  readonly delete_comment: { method: "DELETE"; path: "/api/v1/sketches/{sketch_id}/comments/{comment_id}"; gives: null };
  readonly get_shared_sketch: { method: "GET"; path: "/api/v1/sketches/{sketch_id}/shared"; gives: SharedSketch };
  readonly list_links: { method: "GET"; path: "/api/v1/sketches/{sketch_id}/links"; gives: Page<Link> };
  readonly create_link: { method: "POST"; path: "/api/v1/sketches/{sketch_id}/links"; gives: Link };
  readonly revoke_link: { method: "DELETE"; path: "/api/v1/sketches/{sketch_id}/links/{link_id}"; gives: null };
  readonly get_settings: { method: "GET"; path: "/api/v1/channels/{channel_id}/ai"; gives: AiChannel };
  readonly put_settings: { method: "PUT"; path: "/api/v1/channels/{channel_id}/ai"; body: SetAiChannel; gives: AiChannel };
  readonly upload_file: { method: "POST"; path: "/api/v1/files"; gives: File };
  readonly get_file: { method: "GET"; path: "/api/v1/files/{file_id}"; gives: Blob | null };
  readonly get_thumbnail: { method: "GET"; path: "/api/v1/files/{file_id}/thumbnail"; gives: Blob | null };
  readonly delete_file: { method: "DELETE"; path: "/api/v1/files/{file_id}"; gives: null };
  readonly list_models: { method: "GET"; path: "/api/v1/ai/models"; gives: Page<Model> };
  readonly get_usage: { method: "GET"; path: "/api/v1/ai/usage"; gives: UsageReport };
  readonly create_conversation: { method: "POST"; path: "/api/v1/ai/conversations"; body: CreateConversation; gives: Channel };
  readonly list_conversations: { method: "GET"; path: "/api/v1/ai/conversations"; query: ConversationQuery; gives: Page<Channel> };
  readonly chat: { method: "POST"; path: "/api/v1/ai/chat"; body: AskAi; gives: Answered };
  readonly get_run: { method: "GET"; path: "/api/v1/ai/runs/{run_id}"; gives: Answered };
  readonly stream_run: { method: "GET"; path: "/api/v1/ai/runs/{run_id}/stream"; gives: Answered };
  readonly stop_run: { method: "POST"; path: "/api/v1/ai/runs/{run_id}/stop"; gives: null };
  readonly continue_run: { method: "POST"; path: "/api/v1/ai/runs/{run_id}/continue"; body: GoOn; gives: Answered };
  readonly regenerate_run: { method: "POST"; path: "/api/v1/ai/runs/{run_id}/regenerate"; body: AnswerAgain; gives: Answered };
  readonly undo_run: { method: "POST"; path: "/api/v1/ai/runs/{run_id}/undo"; gives: Answered };
}
