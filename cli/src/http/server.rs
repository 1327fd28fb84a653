//! A server: connections with limits, and an end that lets what is under way finish.

use std::convert::Infallible;
use std::io::{self, Write};
use std::net::TcpListener as StdListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long nobody may take what is answered. Whoever reads nothing has its connection for nothing.
const READ_TIME: Duration = Duration::from_secs(20);
/// How long what is under way has at the end.
const FINISH_TIME: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(100);

pub type Answer = Response<Full<Bytes>>;

/// Whatever answers requests.
pub trait Answering: Send + Sync + 'static {
    fn answer(self: Arc<Self>, request: Request<Incoming>) -> impl Future<Output = Answer> + Send;
}

/// Says where it listens, answers until `is_stopped`, then lets what is under way finish.
///
/// # Errors
/// Those of the system.
pub fn run(
    listener: StdListener,
    max_connections: usize,
    is_stopped: &AtomicBool,
    answering: &Arc<impl Answering>,
) -> io::Result<()> {
    let listening = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::from_std(listener)?;
        // From here on who connects is answered.
        let mut out = io::stdout().lock();
        writeln!(out, "listening on http://{listening}")?;
        out.flush()?;
        drop(out);
        serve(listener, max_connections, is_stopped, answering).await;
        io::Result::Ok(())
    })?;
    // An answer that takes longer than the end may is not waited for.
    runtime.shutdown_background();
    Ok(())
}

async fn serve(
    listener: TcpListener,
    max_connections: usize,
    is_stopped: &AtomicBool,
    answering: &Arc<impl Answering>,
) {
    let connections = Arc::new(Semaphore::new(max_connections));
    let all = GracefulShutdown::new();
    while !is_stopped.load(Ordering::SeqCst) {
        let Ok(accepted) = timeout(LOOK_EVERY, listener.accept()).await else { continue };
        let Ok((stream, _)) = accepted else {
            // Too many files are open, or who asked is gone already.
            sleep(LOOK_EVERY).await;
            continue;
        };
        // Who comes when all are taken is closed at once, so that nobody waits without a word.
        let Ok(place) = connections.clone().try_acquire_owned() else { continue };
        let connection = all.watch(connection(stream, answering.clone(), READ_TIME));
        tokio::spawn(async move {
            // Whoever asked has gone, or was too slow: nobody is there to be told.
            let _ = connection.await;
            drop(place);
        });
    }
    // Who comes now hears at once that nobody is there.
    drop(listener);
    let _ = timeout(FINISH_TIME, all.shutdown()).await;
}

fn connection(
    stream: TcpStream,
    answering: Arc<impl Answering>,
    read_time: Duration,
) -> impl GracefulConnection<Output: Send> + Send + 'static {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(read_time));
    let service = service_fn(move |request| {
        let answering = answering.clone();
        async move { Ok::<_, Infallible>(answering.answer(request).await) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(64 << 10)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    struct Talkative;

    impl Answering for Talkative {
        async fn answer(self: Arc<Self>, _: Request<Incoming>) -> Answer {
            Response::new(Full::from(vec![b'x'; 24 << 20]))
        }
    }

    #[test]
    fn who_takes_no_answer_has_its_connection_closed_and_who_takes_it_slowly_has_not() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let read_time = Duration::from_millis(300);
            for takes in [false, true] {
                let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
                let (stream, _) = listener.accept().await.unwrap();
                let serving = connection(stream, Arc::new(Talkative), read_time);
                let serving = tokio::spawn(async { serving.await.is_ok() });
                client.write_all(b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n").await.unwrap();
                let mut piece = vec![0; 1 << 20];
                while takes && client.read(&mut piece).await.unwrap() > 0 {
                    sleep(read_time / 10).await;
                }
                let ended = timeout(Duration::from_secs(60), serving).await.expect("it ends").unwrap();
                assert_eq!(ended, takes);
            }
        });
    }
}
