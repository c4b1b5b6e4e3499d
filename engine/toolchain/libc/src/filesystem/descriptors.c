/* The table of descriptors, and what of WASI is about them alone. */
#include "descriptors.h"

static struct descriptor files[MOST], *table[MOST];

/* Gives a number to an open file. */
static void put(int fd, struct descriptor *file) {
  table[fd] = file;
  file->numbers++;
}

static void begin(void) {
  static int begun;
  if (begun) return;
  begun = 1;
  char full[LONGEST];
  for (int fd = 0; fd < ROOT; fd++) {
    files[fd].stream = fd + 1;
    files[fd].rights = __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_WRITE;
    put(fd, &files[fd]);
  }
  files[ROOT].node = node_at(NULL, "", full);
  if (!files[ROOT].node) return;
  files[ROOT].node->users++;
  files[ROOT].rights = -1ull;
  put(ROOT, &files[ROOT]);
}

struct descriptor *descriptor_of(unsigned fd) {
  begin();
  return fd < MOST ? table[fd] : NULL;
}

struct node *folder_of(unsigned fd) {
  struct descriptor *descriptor = descriptor_of(fd);
  return descriptor && descriptor->node && descriptor->node->folder ? descriptor->node : NULL;
}

/* The least number that is free, from one on; -1 if none is. */
static int number_from(unsigned least) {
  for (unsigned fd = least; fd < MOST; fd++) {
    if (!table[fd]) return fd;
  }
  return -1;
}

int descriptor_new(struct node *node, int append, __wasi_rights_t rights) {
  begin();
  int fd = number_from(0);
  if (fd < 0) return -1;
  struct descriptor *file = files;
  while (file->numbers) file++;
  *file = (struct descriptor){.node = node, .append = append, .rights = rights};
  node->users++;
  put(fd, file);
  return fd;
}

static void close_number(unsigned fd) {
  struct descriptor *file = table[fd];
  table[fd] = NULL;
  if (!file || --file->numbers || !file->node) return;
  file->node->users--;
  node_release(file->node);
}

int descriptor_copy(unsigned fd, int to) {
  struct descriptor *file = descriptor_of(fd);
  if (to < 0) to = number_from(0);
  if (!file || to < 0 || to >= MOST) return -1;
  if (table[to] == file) return to;
  close_number(to);
  put(to, file);
  return to;
}

__wasi_errno_t __wasi_fd_close(__wasi_fd_t fd) {
  if (!descriptor_of(fd)) return __WASI_ERRNO_BADF;
  close_number(fd);
  return __WASI_ERRNO_SUCCESS;
}

/* Moves an open file to another number, which is closed. */
__wasi_errno_t __wasi_fd_renumber(__wasi_fd_t fd, __wasi_fd_t to) {
  struct descriptor *file = descriptor_of(fd);
  if (!file || to >= MOST) return __WASI_ERRNO_BADF;
  if (fd == to) return __WASI_ERRNO_SUCCESS;
  close_number(to);
  put(to, file);
  close_number(fd);
  return __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wasi_fd_prestat_get(__wasi_fd_t fd, __wasi_prestat_t *to) {
  if (fd != ROOT || !descriptor_of(fd)) return __WASI_ERRNO_BADF;
  to->tag = __WASI_PREOPENTYPE_DIR;
  to->u.dir.pr_name_len = 1;
  return __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wasi_fd_prestat_dir_name(__wasi_fd_t fd, uint8_t *path, __wasi_size_t size) {
  if (fd != ROOT || size < 1) return __WASI_ERRNO_BADF;
  *path = '/';
  return __WASI_ERRNO_SUCCESS;
}

/* A stream cannot be sought in: so isatty sees a terminal. */
__wasi_errno_t __wasi_fd_fdstat_get(__wasi_fd_t fd, __wasi_fdstat_t *to) {
  struct descriptor *descriptor = descriptor_of(fd);
  if (!descriptor) return __WASI_ERRNO_BADF;
  struct node *node = descriptor->node;
  *to = (__wasi_fdstat_t){
      .fs_filetype = !node           ? __WASI_FILETYPE_CHARACTER_DEVICE
                     : node->folder ? __WASI_FILETYPE_DIRECTORY
                                    : __WASI_FILETYPE_REGULAR_FILE,
      .fs_flags = descriptor->append ? __WASI_FDFLAGS_APPEND : 0,
      .fs_rights_base = descriptor->rights,
      .fs_rights_inheriting = node ? -1ull : descriptor->rights,
  };
  return __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wasi_fd_fdstat_set_flags(__wasi_fd_t fd, __wasi_fdflags_t flags) {
  struct descriptor *descriptor = descriptor_of(fd);
  if (!descriptor) return __WASI_ERRNO_BADF;
  descriptor->append = (flags & __WASI_FDFLAGS_APPEND) != 0;
  return __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wasi_fd_sync(__wasi_fd_t fd) {
  return descriptor_of(fd) ? __WASI_ERRNO_SUCCESS : __WASI_ERRNO_BADF;
}
