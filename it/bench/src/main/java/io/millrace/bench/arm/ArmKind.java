package io.millrace.bench.arm;

import io.millrace.bench.judge.Verdict.Promise;

/** All arms. A new one, as an ablation of the product, is one constant more. */
public enum ArmKind {
    /** Raw consumer and producer: no order where handlers wait, no safe offsets. */
    RAW(Promise.UNORDERED) {
        @Override
        Arm arm() {
            return new RawArm();
        }
    },
    /** Plain Kafka Streams, the handler in {@code process()}. */
    STREAMS(Promise.FULL) {
        @Override
        Arm arm() {
            return new StreamsArm();
        }
    },
    /** Confluent Parallel Consumer. */
    PARALLEL(Promise.FULL) {
        @Override
        Arm arm() {
            return new ParallelArm();
        }
    },
    /** Share consumer with a virtual thread per event. */
    SHARE(Promise.UNORDERED) {
        @Override
        Arm arm() {
            return new ShareArm();
        }
    },
    /** The product as shipped. */
    MILLRACE(Promise.FULL) {
        @Override
        Arm arm() {
            return new MillraceArm();
        }
    };

    private final Promise promise;

    ArmKind(Promise promise) {
        this.promise = promise;
    }

    abstract Arm arm();

    /** What it promises about its results. */
    public Promise promise() {
        return promise;
    }
}
