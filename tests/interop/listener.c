/**
 * tests/interop/listener.c: takes every call at ADDRESS, port 647, and says nothing, until it is
 * killed: a hostile primary is called by its secondary, too, whose operator is told if nobody is
 * there.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT = 647, HELD = 8 /* the newest; whoever calls gives up the older ones */ };

int main(int argc, char **argv)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    int held[HELD], on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    for (size_t i = 0; i < HELD; i++)
        held[i] = -1;
    if (argc != 2 || inet_pton(AF_INET, argv[1], &at.sin_addr) != 1) {
        fprintf(stderr, "usage: listener ADDRESS\n");
        return 2;
    }
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, HELD) != 0) {
        perror("listener");
        return 2;
    }
    for (size_t i = 0;; i = (i + 1) % HELD) {
        if (held[i] >= 0)
            (void)close(held[i]);
        held[i] = accept(fd, NULL, NULL);
    }
}
