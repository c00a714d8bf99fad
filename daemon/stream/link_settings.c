#include "daemon/ops/config.h"
#include "daemon/stream/link.h"

#include <string.h>
#include <sys/random.h>

void link_settings_defaults(struct link_settings *s)
{
    memset(s, 0, sizeof *s);
    s->connect_timeout = 2000;
    s->command_timeout = 5000;
    s->backoff_min = 50;
    s->backoff_max = 5000;
    s->write_limit = 16 << 20;
    s->jitter_seed = 1;
}

int link_settings_read(struct link_settings *s, const struct config *config, struct error *err)
{
    link_settings_defaults(s);
    if (redis_url_parse(&s->url, config->redis.url, err) != 0)
        return error_wrap(err, "redis.url");
    s->user = config->redis.user;
    s->password = config->redis.password;
    s->tls = (struct tls_settings){
        .ca_file = config->redis.tls.ca_file,
        .cert_file = config->redis.tls.cert_file,
        .key_file = config->redis.tls.key_file,
        .server_name = config->redis.tls.server_name,
    };
    s->connect_timeout = (int)config->redis.connect_timeout;
    s->command_timeout = (int)config->redis.command_timeout;
    if (getrandom(&s->jitter_seed, sizeof s->jitter_seed, 0) < 0 || !s->jitter_seed)
        s->jitter_seed = 1;
    return s->url.transport == REDIS_TLS ? tls_check(&s->tls, err) : 0;
}
