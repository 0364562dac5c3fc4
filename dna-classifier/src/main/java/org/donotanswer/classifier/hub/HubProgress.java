package org.donotanswer.classifier.hub;

/**
 * Is told how far a download is. It is called by the downloading thread after every piece that it wrote, and not for files
 * that the cache has already; what it throws ends the download. It has to be thread-safe if several threads download.
 */
@FunctionalInterface
public interface HubProgress {
    /**
     * Takes notice that more of a file is there.
     *
     * @param file the file's name in its repository
     * @param bytes how many of its bytes are there, those of earlier downloads included; after a wrong checksum they are
     *     counted from the start again
     * @param total how many it has
     */
    void update(String file, long bytes, long total);
}
