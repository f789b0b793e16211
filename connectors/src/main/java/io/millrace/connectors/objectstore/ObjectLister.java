package io.millrace.connectors.objectstore;

import java.util.Optional;

/** Lists the objects of one bucket page by page, in the order the store gives them. */
interface ObjectLister extends AutoCloseable {

    /**
     * The page at this place of the listing, the first page without one.
     *
     * @throws StoreException the store did not answer, or refused
     */
    ListedPage list(Optional<String> place);

    /**
     * Whether the object is there now.
     *
     * @throws StoreException the store did not answer, or refused
     */
    boolean exists(String key);

    /** Ends calls that are under way and frees the connections. */
    @Override
    void close();
}
