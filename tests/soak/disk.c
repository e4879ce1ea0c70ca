/* Preloaded into a server: makes each sync slow (SLOW_MS), and keeps in MIRROR only what was synced, as a disk does
 * through a power cut. A file's content is kept by inode at its own sync; a folder's names at the folder's sync.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static void place(char *out, size_t size, const char *kind, ino_t inode, const char *end) {
    snprintf(out, size, "%s/%s-%lu%s", getenv("MIRROR"), kind, (unsigned long)inode, end);
}

static void keep_file(int fd, ino_t inode) {
    char beside[4096], target[4096], source[64], block[65536];
    place(beside, sizeof beside, "file", inode, ".new");
    place(target, sizeof target, "file", inode, "");
    snprintf(source, sizeof source, "/proc/self/fd/%d", fd);
    int in = open(source, O_RDONLY), out = open(beside, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ssize_t got;
    while (in >= 0 && out >= 0 && (got = read(in, block, sizeof block)) > 0)
        if (write(out, block, got) != got) abort();
    if (in >= 0) close(in);
    if (out >= 0) close(out);
    rename(beside, target);
}

static void keep_folder(int fd, ino_t inode) {
    char beside[4096], target[4096], source[64];
    place(beside, sizeof beside, "folder", inode, ".new");
    place(target, sizeof target, "folder", inode, "");
    snprintf(source, sizeof source, "/proc/self/fd/%d", fd);
    DIR *folder = opendir(source);
    FILE *out = fopen(beside, "w");
    struct dirent *entry;
    while (folder && out && (entry = readdir(folder)))
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
            fprintf(out, "%lu %d %s\n", (unsigned long)entry->d_ino, entry->d_type == DT_DIR, entry->d_name);
    if (folder) closedir(folder);
    if (out) fclose(out);
    rename(beside, target);
}

static int synced(int fd, const char *name) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const char *slow = getenv("SLOW_MS");
    if (slow) usleep(1000 * atoi(slow));
    int result = real(fd);
    struct stat status;
    if (result == 0 && getenv("MIRROR") && fstat(fd, &status) == 0) {
        pthread_mutex_lock(&one_at_a_time);
        if (S_ISDIR(status.st_mode)) keep_folder(fd, status.st_ino);
        else if (S_ISREG(status.st_mode)) keep_file(fd, status.st_ino);
        pthread_mutex_unlock(&one_at_a_time);
    }
    return result;
}

int fsync(int fd) { return synced(fd, "fsync"); }
int fdatasync(int fd) { return synced(fd, "fdatasync"); }
