package org.donotanswer.examples.chatbot;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Sits between a browser and a server and records every byte that the server sends. */
final class RecordingRelay implements AutoCloseable {
    private final ServerSocket socket;
    private final int server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    RecordingRelay(URI server) throws IOException {
        this.server = server.getPort();
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                Socket browser = socket.accept();
                Socket target = new Socket(InetAddress.getLoopbackAddress(), server);
                threads.execute(() -> pump(browser, target, false));
                threads.execute(() -> pump(target, browser, true));
            }
        } catch (IOException e) {
            // The relay was closed.
        }
    }

    private void pump(Socket from, Socket to, boolean record) {
        byte[] buffer = new byte[8192];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            int count;
            while ((count = in.read(buffer)) >= 0) {
                if (record) {
                    sent.write(buffer, 0, count);
                }
                out.write(buffer, 0, count);
                out.flush();
            }
        } catch (IOException e) {
            // One of them hung up.
        }
    }

    URI address() {
        return URI.create("http://localhost:" + socket.getLocalPort() + "/");
    }

    /** Returns everything that the server has sent. */
    String sent() {
        return sent.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
    }
}
