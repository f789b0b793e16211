package io.millrace.bench.arm;

import io.millrace.bench.judge.Verdict.Promise;
import io.millrace.engine.offsets.CommitPolicy;

import java.util.Map;

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
            return new MillraceArm(Map.of());
        }
    },
    /** The product with a barrier before each commit: an ablation. */
    BARRIER(Promise.FULL) {
        @Override
        Arm arm() {
            return new MillraceArm(Map.of(CommitPolicy.KEY, CommitPolicy.BARRIER.text()));
        }
    },
    /** The product with a store of what is pending: an ablation. */
    PENDING(Promise.FULL) {
        @Override
        Arm arm() {
            return new MillraceArm(Map.of(CommitPolicy.KEY, CommitPolicy.PENDING_STORE.text()));
        }
    },
    /** The product without metering: to tell what that costs. */
    UNMETERED(Promise.FULL) {
        @Override
        Arm arm() {
            return new MillraceArm(Map.of("millrace.internal.metering", "off"));
        }
    };

    private final Promise promise;

    ArmKind(Promise promise) {
        this.promise = promise;
    }

    abstract Arm arm();

    /** The consumer group that commits for an arm of this name. */
    String consumerGroup(String group) {
        return switch (this) {
            case MILLRACE, BARRIER, PENDING, UNMETERED -> group + "." + MillraceArm.TRIGGER;
            case RAW, STREAMS, PARALLEL, SHARE -> group;
        };
    }

    /** What it promises about its results. */
    public Promise promise() {
        return promise;
    }
}
