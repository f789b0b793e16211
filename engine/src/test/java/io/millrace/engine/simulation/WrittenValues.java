package io.millrace.engine.simulation;

import io.millrace.engine.delivery.ParkedEvent;
import io.millrace.engine.delivery.PartitionWindow;
import io.millrace.engine.model.PartitionId;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What any process of a schedule ever put into a store; records of the changelog hold the places.
 *
 * @param apart where a mutant keeps windows: outside of every transaction
 */
record WrittenValues(
        List<ParkedEvent> parked,
        List<PartitionWindow> windows,
        Map<PartitionId, PartitionWindow> apart) {
    WrittenValues() {
        this(new ArrayList<>(), new ArrayList<>(), new HashMap<>());
    }
}
