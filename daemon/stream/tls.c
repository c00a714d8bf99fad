#include "daemon/stream/tls.h"

#include <errno.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdint.h>
#include <string.h>

#include "daemon/ops/textfile.h"

/* ---- the context: what we trust, and who we are ---- */

/* The first error is the cause; those behind it say who passed it on. */
static const char *cause(void)
{
    unsigned long code = ERR_peek_error();
    if (ERR_SYSTEM_ERROR(code))
        return strerror(ERR_GET_REASON(code));
    const char *text = ERR_reason_error_string(code);
    return text ? text : "unknown cause";
}

/* Without it OpenSSL would ask on the terminal. */
static int no_passphrase(char *out, int size, int writing, void *context)
{
    (void)out;
    (void)size;
    (void)writing;
    (void)context;
    return 0;
}

static int use_authorities(SSL_CTX *context, const char *file, struct error *err)
{
    if (!file)
        return SSL_CTX_set_default_verify_paths(context) == 1
                   ? 0
                   : error_set(err, "the system's certificates of authorities: %s", cause());
    if (SSL_CTX_load_verify_file(context, file) != 1)
        return error_set(err, "redis.tls.ca_file: %s: %s", file, cause());
    return 0;
}

static int use_key(SSL_CTX *context, const char *file, struct error *err)
{
    char *text = textfile_secret(file, err);
    if (!text)
        return error_wrap(err, "redis.tls.key_file: %s", file);
    BIO *bytes = BIO_new_mem_buf(text, -1);
    EVP_PKEY *key = bytes ? PEM_read_bio_PrivateKey(bytes, NULL, no_passphrase, NULL) : NULL;
    int failed = 0;
    if (!key)
        failed = error_set(
            err, "redis.tls.key_file: %s: not a private key without a passphrase, as PEM: %s", file, cause());
    else if (SSL_CTX_use_PrivateKey(context, key) != 1)
        failed = error_set(err, "redis.tls.key_file: %s: %s", file, cause());
    EVP_PKEY_free(key);
    BIO_free(bytes);
    textfile_forget(text);
    return failed;
}

static int use_identity(SSL_CTX *context, const struct tls_settings *s, struct error *err)
{
    if (!s->cert_file || !s->key_file)
        return 0;
    if (SSL_CTX_use_certificate_chain_file(context, s->cert_file) != 1)
        return error_set(err, "redis.tls.cert_file: %s: %s", s->cert_file, cause());
    return use_key(context, s->key_file, err); /* which must be the certificate's */
}

static SSL_CTX *context_create(const struct tls_settings *s, struct error *err)
{
    ERR_clear_error();
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (!context || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) {
        error_set(err, "TLS: %s", cause());
        goto fail;
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    /* an end without farewell is an end: replies carry their lengths, so none can be cut unnoticed */
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    if (use_authorities(context, s->ca_file, err) == 0 && use_identity(context, s, err) == 0)
        return context;
fail:
    SSL_CTX_free(context);
    return NULL;
}

int tls_check(const struct tls_settings *s, struct error *err)
{
    SSL_CTX *context = context_create(s, err);
    SSL_CTX_free(context);
    return context ? 0 : -1;
}

/* ---- one connection ---- */

/* The name is sent to the server (SNI), which addresses are not, and looked for in its certificate. */
static bool expect(SSL *ssl, const char *name)
{
    ASN1_OCTET_STRING *address = a2i_IPADDRESS(name);
    ASN1_OCTET_STRING_free(address);
    ERR_clear_error();
    if (address)
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) == 1;
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl, name) == 1 && SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME,
                                                TLSEXT_NAMETYPE_host_name, (void *)(uintptr_t)name) == 1;
}

struct bufferevent *tls_carrier(struct event_base *base, const struct tls_settings *s, struct error *err)
{
    SSL_CTX *context = context_create(s, err);
    if (!context)
        return NULL;
    SSL *ssl = SSL_new(context);
    SSL_CTX_free(context); /* the connection keeps it */
    if (!ssl || !expect(ssl, s->server_name)) {
        error_set(err, "TLS for %s: %s", s->server_name, cause());
        SSL_free(ssl);
        return NULL;
    }
    struct bufferevent *carrier = bufferevent_openssl_socket_new(
        base, -1, ssl, BUFFEREVENT_SSL_CONNECTING, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    if (!carrier) /* it has freed the SSL */
        error_set(err, "out of memory");
    return carrier;
}

/* ---- what went wrong ---- */

static void certificate_fault(long verdict, const struct tls_settings *s, char *out, size_t size)
{
    switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        snprintf(out, size, "the certificate of %s, or one above it, has expired", s->server_name);
        return;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        snprintf(out, size, "the certificate is for another host than %s", s->server_name);
        return;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        snprintf(out, size, "the certificate of %s comes from no authority in %s", s->server_name,
            s->ca_file ? s->ca_file : "the system's list");
        return;
    default:
        snprintf(out, size, "the certificate of %s is refused: %s", s->server_name,
            X509_verify_cert_error_string(verdict));
    }
}

static const char *handshake_fault(unsigned long code)
{
    switch (ERR_GET_REASON(code)) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
        return "Redis asks for a client certificate: set redis.tls.cert_file and redis.tls.key_file";
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE: /* all that TLS 1.2 says of a missing certificate */
        return "Redis refuses the handshake: it may ask for a client certificate";
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
        return "Redis does not know the authority of our certificate";
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
        return "Redis says that our certificate has expired";
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
        return "Redis refuses our certificate";
    case SSL_R_WRONG_VERSION_NUMBER:
        return "what answers at this port does not speak TLS";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
        return "Redis does not offer TLS 1.2 or later";
    default:
        return ERR_reason_error_string(code);
    }
}

/* What the TLS protocol has to say, or 0. If a write failed because the server has gone, what it said before
 * that may still be unread: with TLS 1.3 it judges our certificate when we believe to be connected. */
static unsigned long protocol_error(struct bufferevent *carrier, SSL *ssl)
{
    unsigned long code;
    char byte;
    while ((code = bufferevent_get_openssl_error(carrier)))
        if (ERR_GET_LIB(code) == ERR_LIB_SSL)
            return code;
    ERR_clear_error();
    SSL_peek(ssl, &byte, 1);
    code = ERR_peek_error();
    ERR_clear_error();
    return ERR_GET_LIB(code) == ERR_LIB_SSL ? code : 0;
}

bool tls_fault(struct bufferevent *carrier, const struct tls_settings *s, char *out, size_t size)
{
    SSL *ssl = bufferevent_openssl_get_ssl(carrier);
    long verdict = SSL_get_verify_result(ssl);
    if (verdict != X509_V_OK) {
        certificate_fault(verdict, s, out, size);
        return true;
    }
    unsigned long code = protocol_error(carrier, ssl);
    const char *text = code ? handshake_fault(code) : NULL;
    if (!text)
        return false;
    snprintf(out, size, "TLS: %s", text);
    return true;
}
