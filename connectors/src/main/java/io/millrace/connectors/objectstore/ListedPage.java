package io.millrace.connectors.objectstore;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One answer of the store to "list the bucket".
 *
 * @param next where the listing goes on; empty at its end
 * @param storeTime the store's clock when it answered
 */
record ListedPage(List<StoredObject> objects, Optional<String> next, Optional<Instant> storeTime) {
    ListedPage {
        objects = List.copyOf(objects);
    }
}
