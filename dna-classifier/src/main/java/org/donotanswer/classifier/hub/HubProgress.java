package org.donotanswer.classifier.hub;

/**
 * Receives the progress of downloads. It is called by the downloading thread after each write, but not for files that
 * are already cached. An exception thrown here ends the download. Implementations must be thread-safe if several
 * threads download.
 */
@FunctionalInterface
public interface HubProgress {
    /**
     * Receives the progress of a file.
     *
     * @param file the file's name in its repository
     * @param bytes how many of its bytes are on disk, including those of earlier downloads; after a wrong checksum the
     *     count starts over
     * @param total how many bytes the file has
     */
    void update(String file, long bytes, long total);
}
