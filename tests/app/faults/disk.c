/* Loaded into the server by LD_PRELOAD: makes the files of one folder fail, and the clock wrong, as a file of
 * numbers says that the test writes to meanwhile. Copies a file when it is synced, so that the copies are what a
 * power cut would leave. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct control {
    int write_error;    /* errno of every write, 0 for none */
    int sync_delay_ms;  /* how long a sync takes */
    int clock_offset_s; /* added to the time of day */
};

static volatile struct control *control;
static const char *folder, *synced;

__attribute__((constructor)) static void start(void) {
    static struct control none;
    const char *path = getenv("FAULTS_CONTROL");
    folder = getenv("FAULTS_FOLDER");
    synced = getenv("FAULTS_SYNCED");
    control = &none;
    int fd = path ? open(path, O_RDONLY) : -1;
    if (fd < 0) return;
    void *map = mmap(NULL, sizeof(struct control), PROT_READ, MAP_SHARED, fd, 0);
    if (map != MAP_FAILED) control = map;
    close(fd);
}

/* The path of a file in the folder, or nothing. */
static int path_of(int fd, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    if (length < 0 || !folder) return 0;
    path[length] = 0;
    return strncmp(path, folder, strlen(folder)) == 0;
}

static int fails(int fd) {
    char path[4096];
    if (!control->write_error || !path_of(fd, path, sizeof path)) return 0;
    errno = control->write_error;
    return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *data, size_t count) {
    return fails(fd) ? -1 : REAL(write)(fd, data, count);
}

ssize_t pwrite(int fd, const void *data, size_t count, off_t at) {
    return fails(fd) ? -1 : REAL(pwrite)(fd, data, count, at);
}

ssize_t pwrite64(int fd, const void *data, size_t count, off64_t at) {
    return fails(fd) ? -1 : REAL(pwrite64)(fd, data, count, at);
}

int ftruncate(int fd, off_t size) {
    return fails(fd) ? -1 : REAL(ftruncate)(fd, size);
}

int ftruncate64(int fd, off64_t size) {
    return fails(fd) ? -1 : REAL(ftruncate64)(fd, size);
}

static void copy(int fd, const char *path) {
    const char *name = strrchr(path, '/');
    char to[4096], half[4096], buffer[65536];
    snprintf(to, sizeof to, "%s%s", synced, name);
    snprintf(half, sizeof half, "%s%s.half", synced, name);
    int copy = open(half, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    off_t at = 0;
    ssize_t count;
    while ((count = pread(fd, buffer, sizeof buffer, at)) > 0) {
        if (REAL(write)(copy, buffer, count) != count) abort();
        at += count;
    }
    close(copy);
    rename(half, to);
}

static int sync_file(int fd) {
    char path[4096];
    if (fails(fd)) return -1;
    if (!path_of(fd, path, sizeof path)) return 0;
    if (control->sync_delay_ms) usleep(control->sync_delay_ms * 1000);
    struct stat what;
    if (synced && fstat(fd, &what) == 0 && S_ISREG(what.st_mode)) copy(fd, path);
    return 0;
}

int fsync(int fd) {
    return sync_file(fd);
}

int fdatasync(int fd) {
    return sync_file(fd);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = REAL(clock_gettime)(clock, time);
    if (clock == CLOCK_REALTIME) time->tv_sec += control->clock_offset_s;
    return result;
}
