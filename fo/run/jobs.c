#include "fo/run/jobs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define JOBS_MAX                                                                                   \
    65536 /* waiting; a host that reports faster than the disk takes has to slow down */

int fo_jobs_init(struct fo_jobs *j)
{
    *j = (struct fo_jobs){.refuse = FO_OK};
    STAILQ_INIT(&j->list);
    pthread_mutex_init(&j->mutex, NULL);
    j->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return j->fd < 0 ? FO_EIO : FO_OK;
}

void fo_jobs_fini(struct fo_jobs *j)
{
    struct fo_job_list left;

    fo_jobs_refuse(j, FO_ECLOSED);
    (void)fo_jobs_take(j, SIZE_MAX, &left);
    fo_jobs_finish(&left, FO_ECLOSED);
    if (j->fd >= 0)
        close(j->fd);
    pthread_mutex_destroy(&j->mutex);
}

void fo_jobs_wake(struct fo_jobs *j)
{
    const uint64_t one = 1;
    ssize_t n = write(j->fd, &one, sizeof one);

    (void)n; /* it can only fail when the counter is full, and then the loop is awake */
}

/* Takes |job|, or frees it and says why not. */
static int add(struct fo_jobs *j, struct fo_job *job)
{
    bool first = false;
    int rc;

    pthread_mutex_lock(&j->mutex);
    rc = j->refuse != FO_OK ? j->refuse : j->count >= JOBS_MAX ? FO_ELIMIT : FO_OK;
    if (rc == FO_OK) {
        first = STAILQ_EMPTY(&j->list);
        STAILQ_INSERT_TAIL(&j->list, job, next);
        j->count++;
    }
    pthread_mutex_unlock(&j->mutex);
    if (rc != FO_OK)
        free(job);
    else if (first)
        fo_jobs_wake(j);
    return rc;
}

int fo_jobs_add(struct fo_jobs *j, fo_run_change change, fo_run_done done, void *context)
{
    struct fo_job *job = calloc(1, sizeof *job);

    if (job == NULL)
        return FO_ENOMEM;
    job->change = change;
    job->done = done;
    job->context = context;
    return add(j, job);
}

int fo_jobs_add_event(struct fo_jobs *j, const struct fo_event *event)
{
    const void *borrowed = NULL;
    size_t length = 0;
    struct fo_job *job;
    void *copy;

    if (event->kind == FO_EVENT_REPORT) {
        borrowed = event->report.client.id;
        length = borrowed != NULL ? event->report.client.id_length : 0;
    } else if (event->kind == FO_EVENT_COMMAND) {
        borrowed = event->command.relationship;
        length = strlen(event->command.relationship) + 1;
    } else {
        return FO_EINVAL;
    }
    job = calloc(1, sizeof *job + length);
    if (job == NULL)
        return FO_ENOMEM;
    copy = job + 1;
    if (length > 0)
        memcpy(copy, borrowed, length);
    job->event = *event;
    if (event->kind == FO_EVENT_REPORT)
        job->event.report.client.id = length > 0 ? copy : NULL;
    else
        job->event.command.relationship = copy;
    return add(j, job);
}

bool fo_jobs_take(struct fo_jobs *j, size_t limit, struct fo_job_list *out)
{
    struct fo_job *job;
    bool more;

    STAILQ_INIT(out);
    pthread_mutex_lock(&j->mutex);
    while (limit-- > 0 && (job = STAILQ_FIRST(&j->list)) != NULL) {
        STAILQ_REMOVE_HEAD(&j->list, next);
        STAILQ_INSERT_TAIL(out, job, next);
        j->count--;
    }
    more = j->count > 0;
    pthread_mutex_unlock(&j->mutex);
    return more;
}

void fo_jobs_finish(struct fo_job_list *list, int rc)
{
    struct fo_job *job;

    while ((job = STAILQ_FIRST(list)) != NULL) {
        STAILQ_REMOVE_HEAD(list, next);
        if (job->done != NULL)
            job->done(job->context, rc);
        free(job);
    }
}

void fo_jobs_refuse(struct fo_jobs *j, int why)
{
    pthread_mutex_lock(&j->mutex);
    j->refuse = why;
    pthread_mutex_unlock(&j->mutex);
}
