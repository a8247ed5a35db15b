/*
 * A Gateway on its way to a backend: the request is routed, and TLS to the first backendRef is as
 * its BackendTLSPolicy says. Prints what the backend answers, or why it is not believed.
 *   cc client.c $(pkg-config --cflags --libs libgatewayapi-openssl libssl libcrypto) -o client
 *   ./client manifests.yaml HOST PORT
 * HOST is the request's; PORT is where the backend's endpoint is, on the loopback.
 */
#include "common.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

static gwapi_decision decide(host *h, const char *name)
{
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    gwapi_request request = GWAPI_REQUEST_INIT;
    gwapi_decision decision = GWAPI_DECISION_INIT;

    arrival.port = 80;
    request.host = (gwapi_str){name, strlen(name)};
    need(gwapi_accept(h->snapshot, h->scratch, &arrival, &connection), "accept");
    need(gwapi_match(h->snapshot, h->scratch, &connection, &request, &decision), "match");
    return decision;
}

static int dial(const char *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int s = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
    if (s < 0 || connect(s, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("connect");
        exit(2);
    }
    return s;
}

/* In TLS 1.3 a client that is not let in learns it when it reads. */
static int speak(const host *h, SSL *ssl, int s)
{
    char line[300];
    int len = SSL_set_fd(ssl, s) == 1 && SSL_connect(ssl) == 1
                  ? SSL_read(ssl, line, sizeof line)
                  : -1;

    if (len <= 0) {
        print_failure(h, ssl);
        return 1;
    }
    printf("%.*s", len, line);
    SSL_shutdown(ssl);
    return 0;
}

int main(int argc, char **argv)
{
    int status = 1;
    host h;

    if (argc != 4) {
        fprintf(stderr, "usage: client MANIFESTS HOST PORT\n");
        return 2;
    }
    host_open(&h, argv[1]);
    gwapi_decision decision = decide(&h, argv[2]);
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL *ssl = SSL_new(ctx);
    gwapi_result result = gwapi_openssl_connect(h.material, &decision, 0, ssl);
    if (result == GWAPI_OK) {
        int s = dial(argv[3]);
        status = speak(&h, ssl, s);
        close(s);
    } else {
        /* GWAPI_ENOTFOUND: no policy, so a host would speak without TLS. */
        printf("no TLS: %s\n", gwapi_result_text(result));
    }
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    host_close(&h);
    return status;
}
