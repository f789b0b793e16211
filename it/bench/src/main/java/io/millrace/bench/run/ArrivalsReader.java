package io.millrace.bench.run;

import io.millrace.bench.arm.ArmTask;
import io.millrace.bench.judge.Arrivals;
import io.millrace.bench.plan.Workload;
import io.millrace.engine.time.TimeSource;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.util.List;

/** Notes when the results of each partition came. */
final class ArrivalsReader {
    private ArrivalsReader() {}

    static LiveReader start(
            Bed bed, ArmTask task, Workload workload, TimeSource time, Arrivals arrivals) {
        return new LiveReader(
                        bed.bootstrapServers(),
                        task.output(),
                        workload.recipe().partitions(),
                        time,
                        (records, now) -> {
                            for (TopicPartition partition : records.partitions()) {
                                List<ConsumerRecord<byte[], byte[]>> some =
                                        records.records(partition);
                                arrivals.add(
                                        now,
                                        partition.partition(),
                                        some.getLast().timestamp(),
                                        some.size());
                            }
                        })
                .start();
    }
}
