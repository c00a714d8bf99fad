#include "daemon/base/memory.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void growing_keeps_what_is_there(void)
{
    int *numbers = NULL;
    size_t room = 0;
    for (int i = 0; i < 1000; i++) {
        numbers = memory_grow(numbers, &room, (size_t)i + 1, sizeof *numbers);
        numbers[i] = i;
    }
    CHECK(room >= 1000 && room < 2000);
    for (int i = 0; i < 1000; i++)
        CHECK_INT(numbers[i], i);
    int *same = memory_grow(numbers, &room, room, sizeof *numbers);
    CHECK(same == numbers);
    free(same);
}

static void texts(void)
{
    char *text = memory_text("abc"), *made = memory_format("%s-%d", text, 7);
    CHECK_TEXT(made, "abc-7");
    free(text);
    free(made);
}

static void exhaustion_ends_the_process_with_a_line(void)
{
    int ends[2], status = 0;
    CHECK_INT(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        memory_need(NULL, "a test");
        _exit(0);
    }
    close(ends[1]);
    char line[64] = "";
    CHECK(read(ends[0], line, sizeof line - 1) > 0);
    CHECK_TEXT(line, "jiandu: out of memory for a test\n");
    close(ends[0]);
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), MEMORY_EXIT);
}

static const struct check_test tests[] = {
    {"growing keeps what is there", growing_keeps_what_is_there},
    {"texts", texts},
    {"exhaustion ends the process with a line", exhaustion_ends_the_process_with_a_line},
};
CHECK_MAIN(tests)
