/**
 * Source connector for SQS and what speaks its protocol, standard and FIFO queues.
 *
 * <p>In: queue names, credentials. Out: records made by {@code queue}, deletions of messages whose
 * records are committed. Not here: what is common to all queues. This package has threads: long
 * polls wait, and leases are extended while the worker's thread waits for a commit.
 */
@NullMarked
package io.millrace.connectors.sqs;

import org.jspecify.annotations.NullMarked;
