/*
 * The assignment problem by the Hungarian algorithm: ten workers, ten jobs, a cost for each pair; give every worker
 * a job so that the sum of the costs is least.
 *
 * Workers are added one by one. Each looks for a free job along pairs whose cost equals worker_price + job_price
 * ("tight" pairs), moving others on where necessary; when no tight pair leads on, the prices change until one does.
 */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

#define SIZE 10
#define NOBODY -1

static const int cost[SIZE][SIZE] = {
    {62, 75, 80, 93, 95, 97, 41, 58, 69, 27}, {75, 80, 82, 85, 71, 97, 34, 66, 53, 91},
    {80, 75, 81, 98, 90, 97, 70, 44, 39, 86}, {78, 82, 84, 80, 50, 98, 63, 29, 77, 46},
    {90, 85, 85, 80, 85, 99, 55, 72, 31, 64}, {65, 75, 80, 75, 68, 96, 48, 83, 92, 37},
    {33, 61, 74, 52, 88, 45, 79, 94, 26, 57}, {49, 87, 36, 67, 73, 30, 89, 54, 42, 76},
    {56, 28, 59, 71, 40, 84, 66, 35, 81, 93}, {95, 43, 68, 38, 60, 51, 32, 77, 47, 70},
};

static int worker_price[SIZE], job_price[SIZE];
static int worker_of[SIZE]; /* of each job, or NOBODY */

/* Adds a worker and reassigns the others so that all have jobs. */
static void add_worker(int newcomer) {
  int slack[SIZE];    /* how far each job is from being reached by a tight pair */
  int reached_by[SIZE]; /* the job whose worker would take this one; NOBODY: the newcomer */
  bool visited[SIZE];
  for (int job = 0; job < SIZE; job++) {
    slack[job] = INT_MAX;
    visited[job] = false;
  }

  int worker = newcomer, from = NOBODY, free_job = NOBODY;
  while (free_job == NOBODY) {
    int nearest = NOBODY;
    for (int job = 0; job < SIZE; job++) {
      if (visited[job]) continue;
      int gap = cost[worker][job] - worker_price[worker] - job_price[job];
      if (gap < slack[job]) {
        slack[job] = gap;
        reached_by[job] = from;
      }
      if (nearest == NOBODY || slack[job] < slack[nearest]) nearest = job;
    }

    int change = slack[nearest];
    if (change != 0) printf("  prices change by %d\n", change);
    worker_price[newcomer] += change;
    for (int job = 0; job < SIZE; job++) {
      if (visited[job]) {
        worker_price[worker_of[job]] += change;
        job_price[job] -= change;
      } else {
        slack[job] -= change;
      }
    }

    visited[nearest] = true;
    from = nearest;
    worker = worker_of[nearest];
    if (worker == NOBODY) {
      free_job = nearest;
    } else {
      printf("  job %d is tight, but worker %d has it\n", nearest + 1, worker + 1);
    }
  }

  /* Walk back along the path; each worker on it takes the next job. */
  int job = free_job;
  while (job != NOBODY) {
    int previous = reached_by[job];
    int taker = previous == NOBODY ? newcomer : worker_of[previous];
    worker_of[job] = taker;
    printf("  worker %d takes job %d\n", taker + 1, job + 1);
    job = previous;
  }
}

int main(void) {
  for (int job = 0; job < SIZE; job++) worker_of[job] = NOBODY;
  for (int worker = 0; worker < SIZE; worker++) {
    printf("worker %d\n", worker + 1);
    add_worker(worker);
  }

  int total = 0;
  for (int job = 0; job < SIZE; job++) {
    int worker = worker_of[job];
    printf("job %2d: worker %2d, cost %d\n", job + 1, worker + 1, cost[worker][job]);
    total += cost[worker][job];
  }
  printf("total cost %d\n", total);
  return 0;
}
