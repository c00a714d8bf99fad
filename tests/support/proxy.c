#include "tests/support/proxy.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/base/memory.h"

struct proxy_pair {
    struct proxy_pair *next, **link;
    struct proxy *proxy;
    struct bufferevent *client, *server;
    bool losing; /* the next that comes from the server is lost */
};

static struct sockaddr_un address_of(const struct redis_server *s)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s", s->socket);
    return a;
}

static void end(struct proxy_pair *p)
{
    *p->link = p->next;
    if (p->next)
        p->next->link = p->link;
    bufferevent_free(p->client);
    bufferevent_free(p->server);
    free(p);
}

static bool holds(struct evbuffer *bytes, const char *text)
{
    return text && evbuffer_search(bytes, text, strlen(text), NULL).pos >= 0;
}

static void on_request(struct bufferevent *client, void *context)
{
    struct proxy_pair *p = context;
    struct evbuffer *bytes = bufferevent_get_input(client);
    if (holds(bytes, p->proxy->lose)) {
        p->losing = true;
        p->proxy->lose = NULL;
    }
    bufferevent_write_buffer(p->server, bytes);
}

static void on_reply(struct bufferevent *server, void *context)
{
    struct proxy_pair *p = context;
    if (!p->losing) {
        bufferevent_write_buffer(p->client, bufferevent_get_input(server));
        return;
    }
    p->proxy->lost++;
    end(p);
}

static void on_end(struct bufferevent *which, short what, void *context)
{
    (void)which;
    if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
        end(context);
}

static void on_client(
    struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *from, int length, void *context)
{
    struct proxy *proxy = context;
    struct proxy_pair *p = memory_zeroed(1, sizeof *p, "a pair");
    struct sockaddr_un to = address_of(proxy->server);
    (void)listener;
    (void)from;
    (void)length;
    p->proxy = proxy;
    p->next = proxy->pairs;
    p->link = &proxy->pairs;
    if (p->next)
        p->next->link = &p->next;
    proxy->pairs = p;
    p->client = bufferevent_socket_new(proxy->base, fd, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    p->server = bufferevent_socket_new(proxy->base, -1, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    bufferevent_setcb(p->client, on_request, NULL, on_end, p);
    bufferevent_setcb(p->server, on_reply, NULL, on_end, p);
    bufferevent_enable(p->client, EV_READ | EV_WRITE);
    bufferevent_enable(p->server, EV_READ | EV_WRITE);
    bufferevent_socket_connect(p->server, (struct sockaddr *)&to, sizeof to);
}

void proxy_init(struct proxy *p, struct event_base *base, const struct redis_server *server)
{
    memset(p, 0, sizeof *p);
    p->base = base;
    p->server = server;
    snprintf(p->face.socket, sizeof p->face.socket, "%.60s/proxy.sock", server->dir);
    snprintf(p->face.url, sizeof p->face.url, "unix://%.80s", p->face.socket);
    struct sockaddr_un at = address_of(&p->face);
    p->listener = memory_need(evconnlistener_new_bind(base, on_client, p, LEV_OPT_CLOSE_ON_FREE, 16,
                                  (struct sockaddr *)&at, sizeof at),
        "a listener");
}

void proxy_lead(struct proxy *p, const struct redis_server *server)
{
    p->server = server;
    for (struct proxy_pair *pair = p->pairs, *next; pair; pair = next) {
        next = pair->next;
        end(pair);
    }
}

void proxy_fini(struct proxy *p)
{
    proxy_lead(p, NULL);
    evconnlistener_free(p->listener);
    unlink(p->face.socket);
}
