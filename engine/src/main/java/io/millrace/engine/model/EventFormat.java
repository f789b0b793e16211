package io.millrace.engine.model;

import io.millrace.engine.model.BatchPolicy.PartialAnswer;

/**
 * What a trigger hands to its function: the events themselves, or one JSON document in the form in
 * which AWS hands the events of one of its services to a Lambda function.
 */
public enum EventFormat {
    /** The value of each event, in the type the handler takes. */
    RECORD,
    /** S3Event, of object events. */
    S3,
    /** SQSEvent, of queue messages or of any records. */
    SQS,
    /** DynamodbEvent, of table changes. */
    DYNAMODB,
    /** KinesisEvent, of any records. */
    KINESIS,
    /** KafkaEvent, of any records. */
    KAFKA,
    /** ScheduledEvent, of a schedule's ticks. */
    SCHEDULED,
    /** SNSEvent, of queue messages or of any records. */
    SNS;

    /** Whether the function is handed one document in place of the events. */
    public boolean isDocument() {
        return this != RECORD;
    }

    /** Whether a document holds one event only, since its form has no place for more. */
    public boolean isSingle() {
        return this == SCHEDULED;
    }

    /** Whether a tumbling window has a place in it (WIN-2). */
    public boolean hasWindows() {
        return this == RECORD || this == KINESIS || this == DYNAMODB;
    }

    /** What a partial answer means where the trigger does not say (STR-7, SQS-6, DEF-16). */
    public PartialAnswer partialAnswer(LanePolicy lanes) {
        return switch (this) {
            case KINESIS, DYNAMODB -> PartialAnswer.CHECKPOINT;
            case SQS, KAFKA, S3, SNS -> PartialAnswer.ITEMS;
            case RECORD, SCHEDULED ->
                    lanes.isOrdered() ? PartialAnswer.CHECKPOINT : PartialAnswer.ITEMS;
        };
    }
}
