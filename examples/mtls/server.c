/*
 * A Gateway's listener: which certificate for which server name, which clients are let in, all as
 * the manifests say. Answers each connection with a line, and ends after COUNT of them.
 *   cc server.c $(pkg-config --cflags --libs libgatewayapi-openssl libssl libcrypto) -o server
 *   ./server manifests.yaml LISTENER-PORT COUNT
 * Listens on a free port of the loopback and prints it.
 */
#include "common.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct server {
    host host;
    uint32_t port; /* of the listener, which need not be the socket's */
    const char *refusal; /* of a ClientHello */
} server;

static int refuse(server *s, const char *why)
{
    s->refusal = why;
    return SSL_CLIENT_HELLO_ERROR;
}

/* All that has to be known at the ClientHello. */
static int greet(SSL *ssl, int *alert, void *arg)
{
    server *s = arg;
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;

    arrival.port = s->port;
    arrival.transport = GWAPI_TRANSPORT_TLS;
    *alert = SSL_AD_HANDSHAKE_FAILURE;
    if (gwapi_openssl_client_hello_sni(ssl, &arrival.sni) != GWAPI_OK)
        return refuse(s, "the server name is malformed");
    if (gwapi_accept(s->host.snapshot, s->host.scratch, &arrival, &connection) != GWAPI_OK)
        return refuse(s, "internal error");
    if (connection.listener == GWAPI_NONE)
        return refuse(s, gwapi_reason_text(connection.reason));
    if (connection.tls_mode != GWAPI_TLS_TERMINATE)
        return refuse(s, "TLS is not terminated here");
    switch (gwapi_openssl_serve(s->host.material, &connection, arrival.sni, ssl)) {
    case GWAPI_OK:
        return SSL_CLIENT_HELLO_SUCCESS;
    case GWAPI_ENOTFOUND:
        return refuse(s, "no certificate of the listener can be used");
    case GWAPI_EINVALID:
        return refuse(s, "clients cannot be validated");
    default:
        return refuse(s, "internal error");
    }
}

static int listen_on_loopback(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    int s = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (s < 0 || bind(s, (struct sockaddr *)&address, len) != 0 || listen(s, 8) != 0 ||
        getsockname(s, (struct sockaddr *)&address, &len) != 0) {
        perror("listen");
        exit(2);
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return s;
}

/* With AllowInsecureFallback the backend judges, so it has to learn what is not valid. */
static void welcome(const server *s, SSL *ssl)
{
    char line[300], client[256] = "a client without certificate", why[512];
    X509 *x = SSL_get0_peer_certificate(ssl);
    size_t len = 0;

    if (x != NULL)
        X509_NAME_get_text_by_NID(X509_get_subject_name(x), NID_commonName, client,
                                  sizeof client);
    printf("let in: %s", client);
    if (x != NULL && SSL_get_verify_result(ssl) != X509_V_OK &&
        gwapi_openssl_failure(s->host.openssl, ssl, why, sizeof why, &len) == GWAPI_OK)
        printf(", not valid: %.*s", (int)len, why);
    putchar('\n');
    int length = snprintf(line, sizeof line, "hello %s\n", client);
    SSL_write(ssl, line, length);
    SSL_shutdown(ssl);
}

static void answer(server *s, SSL_CTX *ctx, int connection)
{
    SSL *ssl = SSL_new(ctx);

    s->refusal = NULL;
    if (ssl != NULL && SSL_set_fd(ssl, connection) == 1 && SSL_accept(ssl) == 1)
        welcome(s, ssl);
    else if (s->refusal != NULL)
        printf("refused: %s\n", s->refusal);
    else if (ssl != NULL)
        print_failure(&s->host, ssl);
    ERR_clear_error();
    fflush(stdout);
    SSL_free(ssl);
    close(connection);
}

int main(int argc, char **argv)
{
    server s = {.port = 0};

    if (argc != 4) {
        fprintf(stderr, "usage: server MANIFESTS LISTENER-PORT COUNT\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    host_open(&s.host, argv[1]);
    s.port = (uint32_t)strtoul(argv[2], NULL, 10);
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_client_hello_cb(ctx, greet, &s);
    int listening = listen_on_loopback();
    for (int i = atoi(argv[3]); i > 0; i--)
        answer(&s, ctx, accept(listening, NULL, NULL));
    close(listening);
    SSL_CTX_free(ctx);
    host_close(&s.host);
    return 0;
}
