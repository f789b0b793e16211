package io.millrace.connectors.objectstore;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Goes through the bucket again and again: page by page through the listing, then through the known
 * objects that the listing did not show.
 *
 * <p>A step that failed is repeated by the next call; a listing goes on where it was. Threading:
 * the task thread only.
 */
final class BucketPass {
    private static final Logger LOG = LoggerFactory.getLogger(BucketPass.class);

    /** Requests of one step, and how long it may go on asking: a task must come back soon. */
    private static final int CHECKS_AT_ONCE = 100;

    private static final Duration LONGEST_CHECKING = Duration.ofMillis(500);

    private final ObjectStoreSourceConfig config;
    private final ObjectLister lister;
    private final ObjectChanges changes;
    private final StartLine line;
    private final InstantSource clock;
    private final Consumer<List<StoredObject>> firstLook;
    private boolean looked;
    private List<StoredObject> rest = List.of();
    private Optional<String> place = Optional.empty();
    private boolean between = true;
    private boolean begunAnew;
    private boolean checking;
    private ObjectKey checked = ObjectKey.FIRST;
    private Instant startedAt = Instant.EPOCH;

    /**
     * @param firstLook takes the objects of the first page, before they are judged
     */
    BucketPass(
            ObjectStoreSourceConfig config,
            ObjectLister lister,
            ObjectChanges changes,
            StartLine line,
            InstantSource clock,
            Consumer<List<StoredObject>> firstLook) {
        this.config = config;
        this.lister = lister;
        this.changes = changes;
        this.line = line;
        this.clock = clock;
        this.firstLook = firstLook;
    }

    /**
     * What one page, or some checks of objects that were not shown, brought.
     *
     * @throws StoreException the store did not answer, or refused
     */
    List<ObjectChange> step() {
        if (!rest.isEmpty()) {
            return judge(rest);
        }
        return checking ? check() : list();
    }

    /** Whether the next step has to wait until the worker is done with what was told. */
    boolean isWaiting() {
        return !rest.isEmpty();
    }

    /** Whether the last step came to the end of the bucket. */
    boolean isAtEnd() {
        return between;
    }

    /** When the pass began. */
    Instant startedAt() {
        return startedAt;
    }

    private List<ObjectChange> list() {
        if (between) {
            begin();
            begunAnew = false;
        }
        ListedPage page;
        try {
            page = lister.list(place);
        } catch (StoreException e) {
            if (e.isTransient() || place.isEmpty() || begunAnew) {
                throw e;
            }
            // A store that was restarted may not know the place in the listing any more.
            LOG.info("{}; the listing of '{}' begins anew", e.text(), config.bucket());
            begin();
            begunAnew = true;
            return List.of();
        }
        if (!looked) {
            firstLook.accept(page.objects());
            looked = true;
        }
        line.storeAnswered(page.storeTime().orElse(clock.instant()));
        place = page.next();
        return judge(page.objects());
    }

    private List<ObjectChange> judge(List<StoredObject> objects) {
        ObjectChanges.Found found = changes.among(objects);
        rest = found.rest();
        if (rest.isEmpty() && place.isEmpty()) {
            checking = !changes.unseenBehind(ObjectKey.FIRST, 1).isEmpty();
            between = !checking;
            checked = ObjectKey.FIRST;
        }
        return found.changes();
    }

    private void begin() {
        between = false;
        place = Optional.empty();
        startedAt = clock.instant();
        changes.beginListing();
    }

    private List<ObjectChange> check() {
        List<ObjectChange> gone = new ArrayList<>();
        int atMost = config.confirmsDeleted() ? CHECKS_AT_ONCE : config.pageSize();
        List<KnownObject> unseen = changes.unseenBehind(checked, atMost);
        Instant began = clock.instant();
        for (KnownObject object : unseen) {
            try {
                if (!config.confirmsDeleted() || !lister.exists(object.key().toString())) {
                    changes.gone(object).ifPresent(gone::add);
                }
            } catch (StoreException e) {
                if (gone.isEmpty()) {
                    throw e;
                }
                // The next step asks again.
                return gone;
            }
            checked = object.key();
            if (Duration.between(began, clock.instant()).compareTo(LONGEST_CHECKING) > 0) {
                return gone;
            }
        }
        if (unseen.size() < atMost) {
            checking = false;
            between = true;
        }
        return gone;
    }
}
