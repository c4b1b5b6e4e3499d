/* Reading and writing: of WASI, what is about the bytes of a file. */
#include <string.h>
#include "descriptors.h"
#include "libc.h"

/* Writes to a standard stream. */
static void put(int stream, const uint8_t *bytes, size_t size) {
  for (const uint8_t *end = bytes + size; bytes != end; bytes++) {
    if (stream == 2) __stepformer_write_error(*bytes);
    else __stepformer_write_byte(*bytes);
  }
}

/* Reads a line at most, as from a terminal. */
static size_t get(uint8_t *to, size_t size) {
  size_t count = 0;
  while (count < size) {
    int c = __stepformer_read_byte();
    if (c < 0) break;
    to[count++] = c;
    if (c == '\n') break;
  }
  return count;
}

static __wasi_errno_t write_at(struct node *node, unsigned position, const __wasi_ciovec_t *vectors, size_t count,
                               __wasi_size_t *written) {
  size_t total = 0;
  if (node->folder) return __WASI_ERRNO_BADF;
  for (; count; count--, vectors++) {
    size_t size = vectors->buf_len;
    unsigned end = position + total + size;
    if ((end > node->size || !node->room) && size && !node_resize(node, end > node->size ? end : node->size)) {
      return __WASI_ERRNO_NOSPC;
    }
    if (size) memcpy(node->bytes + position + total, vectors->buf, size);
    total += size;
  }
  *written = total;
  return __WASI_ERRNO_SUCCESS;
}

static __wasi_errno_t read_at(struct node *node, unsigned position, const __wasi_iovec_t *vectors, size_t count,
                              __wasi_size_t *read) {
  size_t total = 0;
  if (node->folder) return __WASI_ERRNO_ISDIR;
  for (; count && position + total < node->size; count--, vectors++) {
    size_t size = vectors->buf_len, left = node->size - position - total;
    if (size > left) size = left;
    memcpy(vectors->buf, node->bytes + position + total, size);
    total += size;
  }
  *read = total;
  return __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wasi_fd_write(__wasi_fd_t fd, const __wasi_ciovec_t *vectors, size_t count, __wasi_size_t *written) {
  struct descriptor *descriptor = descriptor_of(fd);
  if (!descriptor || !(descriptor->rights & __WASI_RIGHTS_FD_WRITE)) return __WASI_ERRNO_BADF;
  struct node *node = descriptor->node;
  if (node) {
    if (descriptor->append) descriptor->position = node->size;
    __wasi_errno_t error = write_at(node, descriptor->position, vectors, count, written);
    if (error == __WASI_ERRNO_SUCCESS) descriptor->position += *written;
    return error;
  }
  if (descriptor->stream == 1) return __WASI_ERRNO_BADF;
  *written = 0;
  for (; count; count--, vectors++) {
    put(descriptor->stream - 1, vectors->buf, vectors->buf_len);
    *written += vectors->buf_len;
  }
  return __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wasi_fd_read(__wasi_fd_t fd, const __wasi_iovec_t *vectors, size_t count, __wasi_size_t *read) {
  struct descriptor *descriptor = descriptor_of(fd);
  if (!descriptor || !(descriptor->rights & __WASI_RIGHTS_FD_READ)) return __WASI_ERRNO_BADF;
  if (descriptor->node) {
    __wasi_errno_t error = read_at(descriptor->node, descriptor->position, vectors, count, read);
    if (error == __WASI_ERRNO_SUCCESS) descriptor->position += *read;
    return error;
  }
  if (descriptor->stream != 1) return __WASI_ERRNO_BADF;
  *read = 0;
  for (; count; count--, vectors++) {
    size_t got = get(vectors->buf, vectors->buf_len);
    *read += got;
    if (got < vectors->buf_len || (got && vectors->buf[got - 1] == '\n')) break;
  }
  return __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wasi_fd_pwrite(__wasi_fd_t fd, const __wasi_ciovec_t *vectors, size_t count, __wasi_filesize_t offset,
                                __wasi_size_t *written) {
  struct descriptor *descriptor = descriptor_of(fd);
  if (!descriptor || !descriptor->node) return descriptor ? __WASI_ERRNO_SPIPE : __WASI_ERRNO_BADF;
  if (!(descriptor->rights & __WASI_RIGHTS_FD_WRITE)) return __WASI_ERRNO_BADF;
  return write_at(descriptor->node, offset, vectors, count, written);
}

__wasi_errno_t __wasi_fd_pread(__wasi_fd_t fd, const __wasi_iovec_t *vectors, size_t count, __wasi_filesize_t offset,
                               __wasi_size_t *read) {
  struct descriptor *descriptor = descriptor_of(fd);
  if (!descriptor || !descriptor->node) return descriptor ? __WASI_ERRNO_SPIPE : __WASI_ERRNO_BADF;
  if (!(descriptor->rights & __WASI_RIGHTS_FD_READ)) return __WASI_ERRNO_BADF;
  return read_at(descriptor->node, offset, vectors, count, read);
}

__wasi_errno_t __wasi_fd_seek(__wasi_fd_t fd, __wasi_filedelta_t offset, __wasi_whence_t whence,
                              __wasi_filesize_t *position) {
  struct descriptor *descriptor = descriptor_of(fd);
  if (!descriptor) return __WASI_ERRNO_BADF;
  struct node *node = descriptor->node;
  if (!node) return __WASI_ERRNO_SPIPE;
  __wasi_filedelta_t from = whence == __WASI_WHENCE_SET ? 0
                            : whence == __WASI_WHENCE_CUR ? descriptor->position
                                                          : node->size;
  if (from + offset < 0 || from + offset > 0x7fffffff) return __WASI_ERRNO_INVAL;
  descriptor->position = from + offset;
  *position = descriptor->position;
  return __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wasi_fd_tell(__wasi_fd_t fd, __wasi_filesize_t *position) {
  return __wasi_fd_seek(fd, 0, __WASI_WHENCE_CUR, position);
}

__wasi_errno_t __wasi_fd_filestat_set_size(__wasi_fd_t fd, __wasi_filesize_t size) {
  struct descriptor *descriptor = descriptor_of(fd);
  if (!descriptor || !descriptor->node) return __WASI_ERRNO_BADF;
  if (!(descriptor->rights & __WASI_RIGHTS_FD_FILESTAT_SET_SIZE)) return __WASI_ERRNO_INVAL;
  if (size > 0x7fffffff) return __WASI_ERRNO_FBIG;
  return node_resize(descriptor->node, size) ? __WASI_ERRNO_SUCCESS : __WASI_ERRNO_NOSPC;
}
