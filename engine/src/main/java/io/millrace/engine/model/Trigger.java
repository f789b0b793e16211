package io.millrace.engine.model;

/**
 * A source topic joined to a function: one Kafka Streams application.
 *
 * @param version which version of the function runs, {@code $LATEST} or a number
 * @param intake which events reach the function
 * @param lanes which order is kept, and how many batches of a partition run side by side (STR-3)
 */
public record Trigger(
        TriggerId id,
        String sourceTopic,
        FunctionName function,
        String version,
        Intake intake,
        LanePolicy lanes,
        BatchPolicy batch,
        RetryPolicy retry,
        LoadPolicy load,
        Destinations destinations,
        Guarantee guarantee,
        Activity activity) {
    public Trigger {
        EventFormat form = intake.eventFormat();
        if (form.isSingle() && batch.maxEvents() > 1) {
            throw MillraceException.invalid(
                    "batch size with event format " + form, "" + batch.maxEvents(), "1");
        }
        if (!form.hasWindows() && batch.tumbling().isPresent()) {
            throw MillraceException.invalid(
                    "event format with tumbling windows", "" + form, "RECORD, KINESIS, DYNAMODB");
        }
    }

    public boolean enabled() {
        return activity.enabled();
    }

    public Trigger withActivity(Activity other) {
        return new Trigger(
                id,
                sourceTopic,
                function,
                version,
                intake,
                lanes,
                batch,
                retry,
                load,
                destinations,
                guarantee,
                other);
    }

    public Trigger withDestinations(Destinations other) {
        return new Trigger(
                id,
                sourceTopic,
                function,
                version,
                intake,
                lanes,
                batch,
                retry,
                load,
                other,
                guarantee,
                activity);
    }

    public Trigger withLoad(LoadPolicy other) {
        return new Trigger(
                id,
                sourceTopic,
                function,
                version,
                intake,
                lanes,
                batch,
                retry,
                other,
                destinations,
                guarantee,
                activity);
    }

    public Trigger withIntake(Intake other) {
        return new Trigger(
                id,
                sourceTopic,
                function,
                version,
                other,
                lanes,
                batch,
                retry,
                load,
                destinations,
                guarantee,
                activity);
    }
}
