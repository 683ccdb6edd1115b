use futures::io::Cursor;
use protocol::limits::FRAME_BYTES;

use super::*;

async fn through(bytes: &[u8], most: usize) -> io::Result<Option<Vec<u8>>> {
    read(&mut Cursor::new(bytes), most).await
}

#[tokio::test]
async fn blocks_of_every_size_survive_the_stream() {
    for length in [0, 1, 127, 128, 16_383, 16_384, FRAME_BYTES] {
        let block = vec![7; length];
        let mut stream = Cursor::new(Vec::new());
        write(&mut stream, &block, FRAME_BYTES).await.unwrap();
        assert_eq!(through(stream.get_ref(), FRAME_BYTES).await.unwrap(), Some(block));
        if length > 0 {
            assert!(through(stream.get_ref(), length - 1).await.is_err(), "{length} over its bound");
        }
    }
}

#[tokio::test]
async fn broken_blocks_are_refused() {
    for bytes in [&[0x80][..], &[2, 1], &[0xff, 0xff, 0xff, 0x01], &[0x81, 0x80, 0x04]] {
        assert!(through(bytes, FRAME_BYTES).await.is_err(), "{bytes:?}");
    }
    let mut stream = Cursor::new(Vec::new());
    assert!(write(&mut stream, &vec![0; FRAME_BYTES + 1], FRAME_BYTES).await.is_err());
    assert!(stream.get_ref().is_empty());
}

#[tokio::test]
async fn a_stream_may_end_between_two_blocks_and_nowhere_else() {
    assert_eq!(through(&[], FRAME_BYTES).await.unwrap(), None);
    let mut stream = Cursor::new([1, 7, 2, 8]);
    assert_eq!(read(&mut stream, FRAME_BYTES).await.unwrap(), Some(vec![7]));
    assert_eq!(read(&mut stream, FRAME_BYTES).await.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
}
