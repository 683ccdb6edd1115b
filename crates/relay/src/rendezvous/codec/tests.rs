use futures::io::Cursor;

use super::*;

async fn through(bytes: &[u8], most: usize) -> io::Result<Message> {
    read(&mut Cursor::new(bytes), most).await
}

#[tokio::test]
async fn a_message_survives_the_stream() {
    for length in [1, 100, 5000] {
        let message = Message::register("n".into(), vec![7; length], 7200);
        let mut stream = Cursor::new(Vec::new());
        write(&mut stream, &message, QUESTION_BYTES).await.unwrap();
        assert_eq!(through(stream.get_ref(), QUESTION_BYTES).await.unwrap(), message);
    }
}

#[tokio::test]
async fn broken_messages_are_refused() {
    let kind = |result: io::Result<Message>| result.unwrap_err().kind();
    assert_eq!(kind(through(&[], 100).await), io::ErrorKind::UnexpectedEof);
    assert_eq!(kind(through(&[0x05, 0x08], 100).await), io::ErrorKind::UnexpectedEof, "shorter than announced");
    assert_eq!(kind(through(&[0x65; 0x66], 100).await), io::ErrorKind::InvalidData, "longer than allowed");
    assert_eq!(kind(through(&[0xff, 0xff, 0xff, 0x01], 100).await), io::ErrorKind::InvalidData, "endless length");
    assert_eq!(kind(through(&[0x02, 0xff, 0xff], 100).await), io::ErrorKind::InvalidData, "no protobuf");
}
