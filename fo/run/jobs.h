/**
 * fo/run/jobs.h: what other threads want done, waiting for the next batch.
 *
 * A job is a change (a function) or an event of the host. Any thread may add, the loop's thread
 * takes many at once. An eventfd wakes the loop, so libevent itself never sees a second thread.
 */
#ifndef FO_RUN_JOBS_H
#define FO_RUN_JOBS_H

#include <sys/queue.h>

#include "fo/run/run.h"

struct fo_job {
    STAILQ_ENTRY(fo_job) next;
    fo_run_change change; /* NULL: |event| */
    fo_run_done done;     /* may be NULL */
    void *context;
    struct fo_event event; /* what it borrows lies behind this struct */
};
STAILQ_HEAD(fo_job_list, fo_job);

struct fo_jobs {
    pthread_mutex_t mutex;
    struct fo_job_list list;
    size_t count;
    int refuse; /* FO_OK, or why nothing is taken at present */
    int fd;     /* readable when there may be something to take */
};

/** Errors: FO_EIO (no descriptor). After either answer fini is safe. */
FO_MUST_CHECK int fo_jobs_init(struct fo_jobs *j);
/** Jobs still waiting hear FO_ECLOSED. */
void fo_jobs_fini(struct fo_jobs *j);

/** Errors: FO_ENOMEM, FO_ELIMIT, FO_EINVAL (not an event of a host), or why jobs are refused. */
FO_MUST_CHECK int fo_jobs_add(struct fo_jobs *j, fo_run_change change, fo_run_done done,
                              void *context);
FO_MUST_CHECK int fo_jobs_add_event(struct fo_jobs *j, const struct fo_event *event);
/** Moves the oldest |limit| jobs into |out|; true: more wait. */
bool fo_jobs_take(struct fo_jobs *j, size_t limit, struct fo_job_list *out);
/** Tells each job of |list| how it ended and frees it. */
void fo_jobs_finish(struct fo_job_list *list, int rc);
/** From now on fo_jobs_add answers |why|; FO_OK: takes jobs again. */
void fo_jobs_refuse(struct fo_jobs *j, int why);
/** Makes |fd| readable. */
void fo_jobs_wake(struct fo_jobs *j);

#endif
