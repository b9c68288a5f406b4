/* Records, in order, what a process writes, cuts, syncs and deletes below one folder.
 *
 * Loaded with LD_PRELOAD. RECORD_FOLDER is the folder, RECORD_LOG the file to append to. One record is
 * {kind, length of name, length of content, offset} followed by the name (relative to the folder) and the content.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))

struct record {
    int32_t kind, name_length, content_length, unused;
    int64_t offset;
};

static int log_file(void) {
    static int file = -2;
    if (file == -2) {
        const char *path = getenv("RECORD_LOG");
        file = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    }
    return file;
}

static const char *inside(const char *path) {
    const char *folder = getenv("RECORD_FOLDER");
    size_t length = folder ? strlen(folder) : 0;
    return length && strncmp(path, folder, length) == 0 && path[length] == '/' ? path + length + 1 : NULL;
}

static void note(char kind, const char *name, int64_t offset, const void *content, size_t length) {
    struct record head = {kind, (int32_t)strlen(name), (int32_t)length, 0, offset};
    size_t total = sizeof head + head.name_length + length;
    char *whole = malloc(total);
    memcpy(whole, &head, sizeof head);
    memcpy(whole + sizeof head, name, head.name_length);
    if (length) memcpy(whole + sizeof head + head.name_length, content, length);
    if (log_file() >= 0 && REAL(write)(log_file(), whole, total) != (ssize_t)total) abort();
    free(whole);
}

static void note_file(char kind, int file, int64_t offset, const void *content, size_t length) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return;
    path[size] = 0;
    const char *name = inside(path);
    if (name) note(kind, name, offset, content, length);
}

ssize_t pwrite64(int file, const void *content, size_t length, off64_t offset) {
    ssize_t written = REAL(pwrite64)(file, content, length, offset);
    if (written > 0) note_file('W', file, offset, content, written);
    return written;
}

ssize_t pwrite(int file, const void *content, size_t length, off_t offset) {
    ssize_t written = REAL(pwrite)(file, content, length, offset);
    if (written > 0) note_file('W', file, offset, content, written);
    return written;
}

ssize_t write(int file, const void *content, size_t length) {
    int64_t offset = lseek(file, 0, SEEK_CUR);
    ssize_t written = REAL(write)(file, content, length);
    if (written > 0) note_file('W', file, offset, content, written);
    return written;
}

int fsync(int file) {
    int failed = REAL(fsync)(file);
    if (!failed) note_file('S', file, 0, NULL, 0);
    return failed;
}

int fdatasync(int file) {
    int failed = REAL(fdatasync)(file);
    if (!failed) note_file('S', file, 0, NULL, 0);
    return failed;
}

int ftruncate64(int file, off64_t length) {
    int failed = REAL(ftruncate64)(file, length);
    if (!failed) note_file('T', file, length, NULL, 0);
    return failed;
}

int ftruncate(int file, off_t length) {
    int failed = REAL(ftruncate)(file, length);
    if (!failed) note_file('T', file, length, NULL, 0);
    return failed;
}

int unlink(const char *path) {
    int failed = REAL(unlink)(path);
    if (!failed && inside(path)) note('U', inside(path), 0, NULL, 0);
    return failed;
}
