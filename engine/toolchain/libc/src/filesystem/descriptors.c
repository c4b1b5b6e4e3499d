/* The table of descriptors, and what of WASI is about them alone. */
#include "descriptors.h"

static struct descriptor table[MOST];

static void begin(void) {
  static int begun;
  if (begun) return;
  begun = 1;
  char full[LONGEST];
  for (int fd = 0; fd < ROOT; fd++) table[fd] = (struct descriptor){.open = 1, .stream = fd + 1};
  struct node *root = node_at(NULL, "", full);
  table[ROOT] = (struct descriptor){.node = root, .open = root != NULL};
  if (root) root->users++;
}

struct descriptor *descriptor_of(unsigned fd) {
  begin();
  return fd < MOST && table[fd].open ? &table[fd] : NULL;
}

struct node *folder_of(unsigned fd) {
  struct descriptor *descriptor = descriptor_of(fd);
  return descriptor && descriptor->node && descriptor->node->folder ? descriptor->node : NULL;
}

int descriptor_new(struct node *node, int append) {
  begin();
  for (int fd = 0; fd < MOST; fd++) {
    if (table[fd].open) continue;
    table[fd] = (struct descriptor){.node = node, .append = append, .open = 1};
    node->users++;
    return fd;
  }
  return -1;
}

void descriptor_close(struct descriptor *descriptor) {
  struct node *node = descriptor->node;
  descriptor->open = 0;
  descriptor->node = NULL;
  if (!node) return;
  node->users--;
  node_release(node);
}

__wasi_errno_t __wasi_fd_close(__wasi_fd_t fd) {
  struct descriptor *descriptor = descriptor_of(fd);
  if (!descriptor) return __WASI_ERRNO_BADF;
  descriptor_close(descriptor);
  return __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wasi_fd_renumber(__wasi_fd_t fd, __wasi_fd_t to) {
  struct descriptor *from = descriptor_of(fd);
  if (!from || to >= MOST) return __WASI_ERRNO_BADF;
  if (fd == to) return __WASI_ERRNO_SUCCESS;
  if (table[to].open) descriptor_close(&table[to]);
  table[to] = *from;
  from->open = 0;
  from->node = NULL;
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
  __wasi_rights_t rights = node ? -1ull : __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_WRITE;
  *to = (__wasi_fdstat_t){
      .fs_filetype = !node           ? __WASI_FILETYPE_CHARACTER_DEVICE
                     : node->folder ? __WASI_FILETYPE_DIRECTORY
                                    : __WASI_FILETYPE_REGULAR_FILE,
      .fs_flags = descriptor->append ? __WASI_FDFLAGS_APPEND : 0,
      .fs_rights_base = rights,
      .fs_rights_inheriting = rights,
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
