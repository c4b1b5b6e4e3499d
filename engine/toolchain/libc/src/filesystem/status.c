/* The status of a file in C's terms: WASI's says nothing of permissions, which are those of files that anybody makes. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <wasi/api.h>

enum { FILE_MODE = 0644, FOLDER_MODE = 0755, STREAM_MODE = 0620, BLOCK = 4096 };

static mode_t mode_of(__wasi_filetype_t type) {
  switch (type) {
    case __WASI_FILETYPE_DIRECTORY:
      return S_IFDIR | FOLDER_MODE;
    case __WASI_FILETYPE_REGULAR_FILE:
      return S_IFREG | FILE_MODE;
    default:
      return S_IFCHR | STREAM_MODE;
  }
}

static int filled(struct stat *to, __wasi_errno_t error, const __wasi_filestat_t *from) {
  if (error != __WASI_ERRNO_SUCCESS) {
    errno = error;
    return -1;
  }
  *to = (struct stat){
      .st_dev = from->dev,
      .st_ino = from->ino,
      .st_nlink = from->nlink,
      .st_mode = mode_of(from->filetype),
      .st_size = from->size,
      .st_blksize = BLOCK,
      .st_blocks = (from->size + BLOCK - 1) / BLOCK * (BLOCK / 512),
  };
  return 0;
}

int fstat(int fd, struct stat *to) {
  __wasi_filestat_t found;
  return filled(to, __wasi_fd_filestat_get(fd, &found), &found);
}

/* What wasi-libc's stat, lstat and fstatat call with a path that is relative to a folder. */
int __wasilibc_nocwd_fstatat(int fd, const char *restrict path, struct stat *restrict to, int flags) {
  __wasi_lookupflags_t lookup = flags & AT_SYMLINK_NOFOLLOW ? 0 : __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW;
  __wasi_filestat_t found;
  return filled(to, __wasi_path_filestat_get(fd, lookup, path, &found), &found);
}
