/* Redis over TLS, against redis-server's own TLS port: whom we trust, who we are, coming back; and the daemon
 * and its tool over it, with a password that shows nowhere. */
#include "tests/support/authority.h"
#include "tests/support/check.h"
#include "tests/support/files.h"
#include "tests/support/month.h"
#include "tests/support/process.h"
#include "tests/support/witness.h"

#include <sys/stat.h>
#include <unistd.h>

#define HERE "DNS:localhost,IP:127.0.0.1"

/* Two authorities that do not know each other. */
struct scene {
    struct authority ours, theirs;
    char *ours_ca, *theirs_ca, *server_crt, *server_key, *client_crt, *client_key;
    struct redis_server server;
    const char *options[16];
};

static void open_scene(struct scene *s, const char *alternatives, int days)
{
    memset(s, 0, sizeof *s);
    authority_init(&s->ours);
    authority_init(&s->theirs);
    authority_issue(&s->ours, "server", alternatives, days);
    authority_issue(&s->ours, "client", "DNS:client", 1);
    s->ours_ca = authority_file(&s->ours, "ca.crt");
    s->theirs_ca = authority_file(&s->theirs, "ca.crt");
    s->server_crt = authority_file(&s->ours, "server.crt");
    s->server_key = authority_file(&s->ours, "server.key");
    s->client_crt = authority_file(&s->ours, "client.crt");
    s->client_key = authority_file(&s->ours, "client.key");
}

static void start_server(struct scene *s, const char *auth_clients, const char *protocols)
{
    const char *options[] = {"--tls-cert-file", s->server_crt, "--tls-key-file", s->server_key,
        "--tls-ca-cert-file", s->ours_ca, "--tls-auth-clients", auth_clients, "--tls-protocols", protocols,
        "--tls-ciphers", "DEFAULT@SECLEVEL=0", NULL}; /* what is old is refused by us, not by the server */
    memcpy(s->options, options, sizeof options);
    redis_start_tls(&s->server, s->options);
}

static void close_scene(struct scene *s)
{
    redis_remove(&s->server);
    authority_fini(&s->ours);
    authority_fini(&s->theirs);
    free(s->ours_ca);
    free(s->theirs_ca);
    free(s->server_crt);
    free(s->server_key);
    free(s->client_crt);
    free(s->client_key);
}

static struct link_settings settings_for(const struct scene *s)
{
    struct link_settings settings;
    CHECK(witness_settings(&settings, s->server.url));
    settings.connect_timeout = 2000; /* a handshake under a sanitizer */
    settings.tls = (struct tls_settings){.ca_file = s->ours_ca};
    return settings;
}

static void present_certificate(const struct scene *s, struct link_settings *settings)
{
    settings->tls.cert_file = s->client_crt;
    settings->tls.key_file = s->client_key;
}

static void check_works(const struct link_settings *settings)
{
    struct witness w;
    REQUIRE(witness_open(&w, settings));
    WAIT_FOR(&w, w.ready);
    static char big[300001];
    memset(big, 'x', sizeof big - 1);
    CHECK_INT(witness_send(&w, "ECHO", big, NULL), 0);
    CHECK_INT(witness_send(&w, "ECHO", "second", NULL), 0);
    WAIT_FOR(&w, w.replies == 2);
    CHECK_TEXT(w.reply, "second");
    CHECK_INT(w.lost, 0);
    witness_close(&w);
}

/* Refused each time, with these words, and tried again. */
static void check_refused(const struct link_settings *settings, const char *part)
{
    struct witness w;
    REQUIRE(witness_open(&w, settings));
    for (int i = 1; i <= 2; i++) {
        WAIT_FOR(&w, w.lost == i);
        if (!strstr(w.why, part))
            check_fail(__FILE__, __LINE__, "\"%s\" is not in \"%s\"", part, w.why);
        CHECK(!strchr(w.why, '\n'));
    }
    CHECK_INT(w.ready, 0);
    CHECK_INT(w.fatal, 0);
    witness_close(&w);
}

/* ---- the server's certificate ---- */

static void test_connects(void)
{
    struct scene s;
    char address[64];
    open_scene(&s, HERE, 1);
    start_server(&s, "no", "TLSv1.2 TLSv1.3");
    struct link_settings settings = settings_for(&s);
    check_works(&settings);
    snprintf(address, sizeof address, "rediss://127.0.0.1:%d", s.server.tls_port);
    struct error err;
    CHECK_INT(redis_url_parse(&settings.url, address, &err), 0);
    check_works(&settings);
    close_scene(&s);
}

static void test_unknown_authority(void)
{
    struct scene s;
    open_scene(&s, HERE, 1);
    start_server(&s, "no", "TLSv1.3");
    struct link_settings settings = settings_for(&s);
    settings.tls.ca_file = s.theirs_ca;
    check_refused(&settings, "the certificate of localhost comes from no authority in /");
    settings.tls.ca_file = NULL;
    check_refused(&settings, "comes from no authority in the system's list");
    close_scene(&s);
}

static void test_wrong_host(void)
{
    struct scene s;
    open_scene(&s, "DNS:redis.example,IP:127.0.0.9", 1);
    start_server(&s, "no", "TLSv1.2");
    struct link_settings settings = settings_for(&s);
    check_refused(&settings, "the certificate is for another host than localhost");
    settings.tls.server_name = "127.0.0.1";
    check_refused(&settings, "the certificate is for another host than 127.0.0.1");
    settings.tls.server_name = "redis.example";
    check_works(&settings);
    settings.tls.server_name = "127.0.0.9";
    check_works(&settings);
    close_scene(&s);
}

static void test_expired(void)
{
    struct scene s;
    open_scene(&s, HERE, -1);
    start_server(&s, "no", "TLSv1.3");
    struct link_settings settings = settings_for(&s);
    check_refused(&settings, "the certificate of localhost, or one above it, has expired");
    close_scene(&s);
}

static void test_no_tls_there(void)
{
    struct scene s;
    open_scene(&s, HERE, 1);
    redis_start_tcp(&s.server, NULL);
    snprintf(s.server.url, sizeof s.server.url, "rediss://localhost:%d", s.server.port);
    struct link_settings settings = settings_for(&s);
    settings.connect_timeout = 100;
    check_refused(&settings, "connecting took too long"); /* it waits for the end of a command */
    redis_kill(&s.server);
    check_refused(&settings, "Connection refused");
    close_scene(&s);
}

static void test_old_protocol(void)
{
    struct scene s;
    open_scene(&s, HERE, 1);
    start_server(&s, "no", "TLSv1.1");
    struct link_settings settings = settings_for(&s);
    check_refused(&settings, "Redis does not offer TLS 1.2 or later");
    close_scene(&s);
}

/* ---- our certificate ---- */

static void test_client_certificate(void)
{
    static const char *const protocols[] = {"TLSv1.2", "TLSv1.3"};
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++) {
        struct scene s;
        open_scene(&s, HERE, 1);
        start_server(&s, "yes", protocols[i]);
        struct link_settings settings = settings_for(&s);
        check_refused(&settings, "ask"); /* "may ask", with TLS 1.2, which does not say why */
        present_certificate(&s, &settings);
        check_works(&settings);
        char *stranger_crt, *stranger_key;
        authority_issue(&s.theirs, "client", "DNS:client", 1);
        settings.tls.cert_file = stranger_crt = authority_file(&s.theirs, "client.crt");
        settings.tls.key_file = stranger_key = authority_file(&s.theirs, "client.key");
        check_refused(&settings, "Redis does not know the authority of our certificate");
        free(stranger_crt);
        free(stranger_key);
        close_scene(&s);
    }
}

/* Renewed in place, while the daemon runs. */
static void test_renewed_certificate(void)
{
    struct scene s;
    struct witness w;
    open_scene(&s, HERE, 1);
    authority_issue(&s.ours, "client", "DNS:client", -1);
    start_server(&s, "yes", "TLSv1.3");
    struct link_settings settings = settings_for(&s);
    present_certificate(&s, &settings);
    REQUIRE(witness_open(&w, &settings));
    WAIT_FOR(&w, w.lost);
    CHECK(strstr(w.why, "our certificate has expired"));
    authority_issue(&s.ours, "client", "DNS:client", 1);
    WAIT_FOR(&w, w.ready);
    unlink(s.client_key);
    link_reset(w.link, "once more");
    WAIT_FOR(&w, strstr(w.why, "client.key: No such file or directory"));
    authority_issue(&s.ours, "client", "DNS:client", 1);
    WAIT_FOR(&w, w.ready == 2);
    witness_close(&w);
    close_scene(&s);
}

static void check_file(const struct tls_settings *tls, const char *part)
{
    struct error err = {""};
    CHECK_INT(tls_check(tls, &err), -1);
    if (!strstr(err.text, part))
        check_fail(__FILE__, __LINE__, "\"%s\" is not in \"%s\"", part, err.text);
}

static void test_files(void)
{
    struct scene s;
    struct error err;
    open_scene(&s, HERE, 1);
    struct tls_settings good = {.ca_file = s.ours_ca, .cert_file = s.client_crt, .key_file = s.client_key};
    CHECK_INT(tls_check(&good, &err), 0);
    struct tls_settings t = good;
    t.ca_file = "/nowhere/ca.crt";
    check_file(&t, "redis.tls.ca_file: /nowhere/ca.crt: No such file or directory");
    t.ca_file = s.ours_ca;
    t.key_file = s.server_key;
    check_file(&t, "key values mismatch");
    t.key_file = s.client_crt;
    chmod(s.client_crt, 0600);
    check_file(&t, "not a private key without a passphrase");
    files_write(s.ours.folder, "locked.key",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n", 0600);
    char *locked = authority_file(&s.ours, "locked.key");
    t.key_file = locked;
    check_file(&t, "not a private key without a passphrase");
    free(locked);
    chmod(s.client_key, 0604);
    check_file(&good, "others than its owner may read or write it (mode 0604)");
    close_scene(&s);
}

/* ---- coming back ---- */

static void test_comes_back(void)
{
    struct scene s;
    struct witness w;
    open_scene(&s, HERE, 1);
    start_server(&s, "yes", "TLSv1.3");
    struct link_settings settings = settings_for(&s);
    present_certificate(&s, &settings);
    REQUIRE(witness_open(&w, &settings));
    WAIT_FOR(&w, w.ready);
    CHECK_INT(witness_send(&w, "BLPOP", "nothing", "0"), 0);
    redis_kill(&s.server);
    WAIT_FOR(&w, w.nulls == 1 && w.lost >= 1);
    redis_again(&s.server);
    WAIT_FOR(&w, w.ready == 2);
    redis_freeze(&s.server);
    CHECK_INT(witness_send(&w, "PING", NULL, NULL), 0);
    WAIT_FOR(&w, strstr(w.why, "did not answer in time"));
    redis_thaw(&s.server);
    WAIT_FOR(&w, w.ready == 3);
    witness_close(&w);
    close_scene(&s);
}

/* ---- the programs ---- */

static const char *set(char out[256], const char *path, const char *value)
{
    snprintf(out, 256, "%s=%s", path, value);
    return out;
}

static int refusals(const struct scene *s)
{
    int n = 0;
    char *path = files_path(s->server.dir, "redis.log"), *log = files_read(path, NULL);
    for (const char *at = log; at && (at = strstr(at, "Error accepting a client connection")); at++)
        n++;
    free(log);
    free(path);
    return n;
}

/* Tried again and again, told once. */
static void test_told_once(void)
{
    struct scene s;
    struct process p;
    char ca[256];
    open_scene(&s, HERE, 1);
    start_server(&s, "no", "TLSv1.3");
    process_init(&p);
    const char *const sets[] = {set(ca, "redis.tls.ca_file", s.theirs_ca), NULL};
    process_start(&p, &s.server, sets);
    WAIT_UNTIL(refusals(&s) >= 4);
    CHECK_INT(process_logged(&p, "comes from no authority in"), 1);
    CHECK_INT(process_logged(&p, "\"warn\"") + process_logged(&p, "\"error\""), 1);
    CHECK_INT(process_stop(&p), 0);
    process_fini(&p);
    close_scene(&s);
}

static bool names_secret(pid_t pid)
{
    char path[64], bytes[8192] = "";
    snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
    FILE *in = fopen(path, "re");
    size_t n = in ? fread(bytes, 1, sizeof bytes - 1, in) : 0;
    if (in)
        fclose(in);
    for (size_t i = 0; i < n; i++)
        bytes[i] = bytes[i] ? bytes[i] : ' ';
    return n == 0 || strstr(bytes, "s3cret");
}

static void test_programs(void)
{
    struct scene s;
    struct process p;
    struct month month;
    char ca[256], crt[256], key[256], password[256], url[256];
    open_scene(&s, HERE, 1);
    start_server(&s, "yes", "TLSv1.3");
    redisContext *admin = redis_client(&s.server);
    CHECK(redis_ok(admin, "CONFIG SET requirepass s3cret"));
    month_init(&month, check_seed);
    process_init(&p);
    files_write(s.ours.folder, "password", "s3cret\n", 0600);
    char *file = authority_file(&s.ours, "password");
    const char *const sets[] = {set(ca, "redis.tls.ca_file", s.ours_ca),
        set(crt, "redis.tls.cert_file", s.client_crt), set(key, "redis.tls.key_file", s.client_key),
        set(password, "redis.password_file", file), NULL};
    process_start(&p, &s.server, sets);
    month_send(&month, admin, month.count / 2);
    WAIT_UNTIL(month_committed(&month, admin));
    CHECK(!names_secret(p.pid));
    CHECK(redis_ok(admin, "CLIENT KILL TYPE normal SKIPME yes"));
    month_check(&month, admin);
    char *out = authority_file(&s.ours, "out");
    process_run((const char *const[]){"jianductl", "status", "--config", "config/jiandu.json", "--set",
                    set(url, "redis.url", s.server.url), "--set", ca, "--set", crt, "--set", key, "--set",
                    password, NULL},
        out);
    char *status = files_read(out, NULL);
    CHECK(status && strstr(status, "lag        0 entries"));
    CHECK_INT(process_stop(&p), 0);
    CHECK(process_logged(&p, "redis_lost") > 0);
    CHECK_INT(process_logged(&p, "s3cret"), 0);
    free(status);
    free(out);
    free(file);
    redisFree(admin);
    process_fini(&p);
    month_fini(&month);
    close_scene(&s);
}

static const struct check_test tests[] = {
    {"connects", test_connects},
    {"an unknown authority", test_unknown_authority},
    {"another host's certificate", test_wrong_host},
    {"an expired certificate", test_expired},
    {"no TLS at that port", test_no_tls_there},
    {"TLS older than 1.2", test_old_protocol},
    {"a client certificate", test_client_certificate},
    {"a certificate renewed in place", test_renewed_certificate},
    {"files that are not what they should be", test_files},
    {"comes back", test_comes_back},
    {"told once", test_told_once},
    {"the programs, with a password", test_programs},
};

CHECK_MAIN(tests)
