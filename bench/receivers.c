/* The receivers of one server, and its senders: as cheap as they can be, and the same for every server.
 *
 * Takes over open WebSockets:  receivers TEMPLATE COUNTER SENDERS DESCRIPTOR...  (a file, an offset in it, how many of
 * the sockets post; the others receive). Each line "WINDOW WARM SECONDS" on the input is one measurement. WINDOW posts
 * are kept in flight, by one sender after the other: a post is the template with a new number at COUNTER, and has
 * landed when every receiver has read as many messages. Answers "begin", then
 * "end SECONDS DELIVERIES P50 P99" (latencies in microseconds, from the writing of a post to the reading of it),
 * and is quiet in between but for pongs. A message is known by its MARK, whatever the protocol wraps it in.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define MARK '^'
#define RING 256
#define SLOTS 2000000 /* of a microsecond each */
#define EVENTS 1024
#define PAUSE 200000 /* nanoseconds */
#define IDLE 20      /* milliseconds */

typedef struct {
    uint64_t left, seen;
    int descriptor, have;
    uint8_t head[10], opcode, size, payload[125];
} Peer;

static Peer *peers;
static uint64_t senders, count, sent, landed, deliveries;
static uint64_t sent_at[RING], arrived[RING];
static uint32_t *slots;
static char template[4096];
static size_t template_size, counter;
static int measuring, epoll_descriptor;
static uint8_t buffer[1 << 18];

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void fail(const char *why) {
    printf("fail %s\n", why);
    fflush(stdout);
    exit(1);
}

static void write_all(int descriptor, const void *data, size_t size) {
    for (const char *at = data; size;) {
        ssize_t done = write(descriptor, at, size);
        if (done < 0 && errno != EAGAIN && errno != EINTR)
            fail("a socket was closed");
        if (done > 0)
            at += done, size -= done;
    }
}

static void pong(Peer *peer) {
    uint8_t answer[131] = {0x8A, 0x80 | peer->size, 0, 0, 0, 0};
    memcpy(answer + 6, peer->payload, peer->size);
    write_all(peer->descriptor, answer, 6 + peer->size);
}

static void take(Peer *peer, uint64_t at) {
    uint64_t number = peer->seen++, took = at - sent_at[number % RING];
    if (++arrived[number % RING] == count) {
        arrived[number % RING] = 0;
        landed++;
    }
    if (measuring) {
        deliveries++;
        slots[took < SLOTS ? took : SLOTS - 1]++;
    }
}

/* How long the head of a frame is, as far as it is known. */
static int head_size(const Peer *peer) {
    int code = peer->have > 1 ? peer->head[1] & 127 : 0;
    return code < 126 ? 2 : code == 126 ? 4 : 10;
}

static void begin_frame(Peer *peer) {
    int size = head_size(peer);
    peer->left = peer->head[1] & 127;
    if (size > 2)
        for (peer->left = 0, size = 2; size < head_size(peer); size++)
            peer->left = peer->left << 8 | peer->head[size];
    peer->opcode = peer->head[0] & 15;
    peer->size = 0;
    if (peer->opcode == 8)
        fail("the server closed a socket");
}

static void end_frame(Peer *peer) {
    peer->have = 0;
    if (peer->opcode == 9)
        pong(peer);
}

static void payload(Peer *peer, const uint8_t *data, size_t size, uint64_t at) {
    if (peer->opcode < 3) {
        if (peer >= peers + senders)
            for (const uint8_t *end = data + size; (data = memchr(data, MARK, end - data)); data++)
                take(peer, at);
    } else if (peer->size + size <= sizeof peer->payload) {
        memcpy(peer->payload + peer->size, data, size);
        peer->size += size;
    }
}

static void walk(Peer *peer, const uint8_t *data, size_t size, uint64_t at) {
    while (size) {
        if (peer->have < head_size(peer)) {
            peer->head[peer->have++] = *data++, size--;
            if (peer->have < 2 || peer->have < head_size(peer))
                continue;
            begin_frame(peer);
        }
        size_t part = size < peer->left ? size : peer->left;
        payload(peer, data, part, at);
        data += part, size -= part, peer->left -= part;
        if (!peer->left)
            end_frame(peer);
    }
}

static void post(uint64_t window) {
    while (sent - landed < window) {
        char number[9];
        snprintf(number, sizeof number, "%08x", (unsigned)sent + 1);
        memcpy(template + counter, number, 8);
        sent_at[sent % RING] = now();
        write_all(peers[sent++ % senders].descriptor, template, template_size);
    }
}

/* Looks now and then instead of waiting to be woken: a server on the same machine would pay for that with each send,
 * and the more of them, the slower it is. */
static void turn(void) {
    struct epoll_event events[EVENTS];
    struct timespec pause = {.tv_nsec = PAUSE};
    int found = epoll_wait(epoll_descriptor, events, EVENTS, 0);
    if (!found)
        nanosleep(&pause, NULL);
    for (int i = 0; i < found; i++) {
        Peer *peer = events[i].data.ptr;
        ssize_t size = read(peer->descriptor, buffer, sizeof buffer);
        if (size > 0)
            walk(peer, buffer, size, now());
        else if (size == 0 || (errno != EAGAIN && errno != EINTR))
            fail("a socket ended");
    }
}

static uint64_t percentile(double share) {
    uint64_t wanted = deliveries * share, slot = 0;
    for (uint64_t below = slots[0]; below <= wanted && slot < SLOTS - 1; below += slots[++slot]) {}
    return slot;
}

static void measure(uint64_t window, double warm, double seconds) {
    uint64_t from = now() + warm * 1e6, last = from, progress = landed;
    memset(slots, 0, SLOTS * sizeof *slots);
    deliveries = 0;
    for (uint64_t at = now(); !measuring || at < from + seconds * 1e6; at = now()) {
        if (!measuring && at >= from) {
            measuring = 1;
            from = at;
            printf("begin\n");
            fflush(stdout);
        }
        post(window);
        turn();
        if (landed != progress)
            progress = landed, last = now();
        else if (now() > last + 20000000)
            fail("nothing arrives any more");
    }
    measuring = 0;
    printf("end %f %lu %lu %lu\n", (now() - from) / 1e6, deliveries, percentile(0.5), percentile(0.99));
    fflush(stdout);
    for (last = now(); landed < sent && now() < last + 20000000;)
        turn();
}

int main(int words, char **word) {
    FILE *file = words < 6 ? NULL : fopen(word[1], "rb");
    if (!file)
        return 2;
    template_size = fread(template, 1, sizeof template, file);
    counter = atoi(word[2]);
    senders = atoi(word[3]);
    count = words - 4 - senders;
    peers = calloc(words, sizeof *peers);
    slots = calloc(SLOTS, sizeof *slots);
    epoll_descriptor = epoll_create1(0);
    for (int i = 4; i < words; i++) {
        Peer *peer = &peers[i - 4];
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = peer};
        peer->descriptor = atoi(word[i]);
        epoll_ctl(epoll_descriptor, EPOLL_CTL_ADD, peer->descriptor, &event);
    }
    for (;;) {
        struct pollfd input = {.fd = 0, .events = POLLIN};
        char line[256] = {0};
        unsigned window;
        double warm, seconds;
        turn();
        if (poll(&input, 1, IDLE) < 1)
            continue;
        if (read(0, line, sizeof line - 1) <= 0)
            return 0;
        if (sscanf(line, "%u %lf %lf", &window, &warm, &seconds) == 3 && window <= RING / 2)
            measure(window, warm, seconds);
    }
}
