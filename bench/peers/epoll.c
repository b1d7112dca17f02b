/* The floor: one process, one epoll loop, one send for each delivery. What /post says goes to all of /listen.
 *
 * It answers a handshake without looking at it, and hands frames on with nothing but their mask taken off: no server
 * that sends one frame at a time does less. Made for one measurement: who leaves is not forgotten.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 65536
#define BYTES 65536
#define TEXT 1

typedef struct {
    int is_open;
    size_t held;
    uint8_t *data;
} Peer;

static Peer peers[MOST];
static int listeners[MOST], count;
static uint8_t frame[BYTES];
static const char ACCEPT[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

static void tell_all(size_t size) {
    for (int i = 0; i < count; i++)
        if (send(listeners[i], frame, size, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)size)
            fprintf(stderr, "a receiver is too slow\n");
}

/* Where the frame at `at` ends, after it was told; 0 while it isn't whole. */
static size_t hand_on(const Peer *peer, size_t at) {
    const uint8_t *data = peer->data;
    size_t size, head = 2, start;
    if (peer->held - at < 4)
        return 0;
    size = data[at + 1] & 127;
    if (size == 126) {
        size = data[at + 2] << 8 | data[at + 3];
        head = 4;
    }
    start = at + head + 4;
    if (peer->held < start + size)
        return 0;
    memcpy(frame, data + at, head);
    frame[1] &= 127;
    for (size_t i = 0; i < size; i++)
        frame[head + i] = data[start + i] ^ data[start - 4 + i % 4];
    if ((frame[0] & 15) == TEXT)
        tell_all(head + size);
    return start + size;
}

static void hear(int descriptor) {
    Peer *peer = &peers[descriptor];
    if (!peer->data)
        peer->data = malloc(BYTES);
    ssize_t size = recv(descriptor, peer->data + peer->held, BYTES - peer->held, 0);
    size_t at = 0;
    if (size <= 0) {
        close(descriptor);
        return;
    }
    peer->held += size;
    for (size_t next; (next = hand_on(peer, at)); at = next) {}
    memmove(peer->data, peer->data + at, peer->held -= at);
}

static void shake_hands(int descriptor) {
    char request[4096] = {0};
    if (recv(descriptor, request, sizeof request - 1, 0) <= 0) {
        close(descriptor);
        return;
    }
    peers[descriptor].is_open = 1;
    if (!strncmp(request, "GET /listen", 11))
        listeners[count++] = descriptor;
    send(descriptor, ACCEPT, sizeof ACCEPT - 1, MSG_NOSIGNAL);
}

int main(int words, char **word) {
    int on = 1, loop = epoll_create1(0), door = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(words > 1 ? atoi(word[1]) : 0)};
    struct epoll_event event = {.events = EPOLLIN, .data.fd = door}, events[256];
    inet_pton(AF_INET, "127.0.0.1", &here.sin_addr);
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(door, (struct sockaddr *)&here, sizeof here) || listen(door, 1024))
        return 1;
    epoll_ctl(loop, EPOLL_CTL_ADD, door, &event);
    for (;;) {
        int found = epoll_wait(loop, events, 256, -1);
        for (int i = 0; i < found; i++) {
            int descriptor = events[i].data.fd;
            if (descriptor == door) {
                event.data.fd = accept(door, NULL, NULL);
                setsockopt(event.data.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                epoll_ctl(loop, EPOLL_CTL_ADD, event.data.fd, &event);
            } else if (peers[descriptor].is_open) {
                hear(descriptor);
            } else {
                shake_hands(descriptor);
            }
        }
    }
}
