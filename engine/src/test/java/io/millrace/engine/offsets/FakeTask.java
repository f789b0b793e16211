package io.millrace.engine.offsets;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.ArrayList;
import java.util.List;

/** A processor as its clients see it. */
final class FakeTask implements ThreadClients.Task {
    boolean hasReports;
    long nextDue = Long.MAX_VALUE;
    final List<ProducerRecord<byte[], byte[]>> attached = new ArrayList<>();

    @Override
    public boolean hasReports() {
        return hasReports;
    }

    @Override
    public long nextDue() {
        return nextDue;
    }

    @Override
    public CommitAttachment attachment() {
        return () -> {
            var drained = List.copyOf(attached);
            attached.clear();
            return drained;
        };
    }
}
