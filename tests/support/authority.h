/* A certificate authority for tests, made by the openssl command in a folder of its own. Failures end the
 * test program. */
#ifndef JIANDU_TESTS_SUPPORT_AUTHORITY_H
#define JIANDU_TESTS_SUPPORT_AUTHORITY_H

struct authority {
    char *folder; /* ca.crt, ca.key, and NAME.crt, NAME.key of what it has issued */
};

void authority_init(struct authority *);
void authority_fini(struct authority *);
/* Issues NAME.crt with NAME.key for e.g. "DNS:localhost,IP:127.0.0.1", valid for so many days from now; below
 * 0: expired. What has the name already is replaced. */
void authority_issue(const struct authority *, const char *name, const char *alternatives, int days);
/* FOLDER/FILE; free() it. */
char *authority_file(const struct authority *, const char *file);

#endif
