drop table changes, messages, members, channels, invites, sessions, user_facts, users, workspaces, lives;
