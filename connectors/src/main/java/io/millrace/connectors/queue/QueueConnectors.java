package io.millrace.connectors.queue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the queue connectors themselves have in common. */
public final class QueueConnectors {
    private QueueConnectors() {}

    /** Keeps an interrupt for the worker where the code that was interrupted cannot throw it. */
    public static void keepInterrupt() {
        Thread.currentThread().interrupt();
    }

    /**
     * The configurations of the tasks: each queue belongs to one task, so that one window sees all
     * of its messages.
     *
     * @param queuesKey the key that names the queues
     */
    public static List<Map<String, String>> share(
            Map<String, String> properties, String queuesKey, List<String> queues, int maxTasks) {
        int tasks = Math.max(1, Math.min(maxTasks, queues.size()));
        List<Map<String, String>> shares = new ArrayList<>(tasks);
        for (int task = 0; task < tasks; task++) {
            List<String> share = new ArrayList<>();
            for (int i = task; i < queues.size(); i += tasks) {
                share.add(queues.get(i));
            }
            Map<String, String> config = new LinkedHashMap<>(properties);
            config.put(queuesKey, String.join(",", share));
            shares.add(config);
        }
        return shares;
    }
}
