// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures as inputs: which input takes them, layouts and scales, sizes, and files that are no pictures.
#include "core/analysis/shown_error.h"
#include "tests/support/onnx_networks.h"
#include "tests/support/test_model.h"
#include "tests/ui/open_document.h"
#include "ui/document/image_inputs.h"

#include <QImage>
#include <QTemporaryDir>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

class TestImageInputs : public QObject
{
    Q_OBJECT
private slots:
    void whichInput_data();
    void whichInput();
    void layouts();
    void scales_data();
    void scales();
    void otherSizeAndGrey();
    void severalPictures();
    void refusals();
    void feedsTheNetwork();

private:
    QString save(const QImage &image, const QString &name);
    QTemporaryDir m_folder;
};

namespace {

/// 3 wide, 2 high; each value of each channel is another.
QImage colours()
{
    QImage image(3, 2, QImage::Format_RGB888);
    for (int y = 0; y < 2; ++y)
        for (int x = 0; x < 3; ++x)
            image.setPixel(x, y, qRgb(y * 3 + x, 100 + y * 3 + x, 200 + y * 3 + x));
    return image;
}

std::vector<float> valuesOf(const NetworkInputs &inputs)
{
    const auto values = inputs.arrays.at(0).value->floats();
    return {values.begin(), values.end()};
}

} // namespace

QString TestImageInputs::save(const QImage &image, const QString &name)
{
    const QString path = m_folder.filePath(name);
    if (!image.save(path))
        qFatal("the picture could not be written");
    return path;
}

void TestImageInputs::whichInput_data()
{
    QTest::addColumn<QList<int>>("sizes"); // −1: free
    QTest::addColumn<bool>("found");
    QTest::addColumn<bool>("last");
    QTest::addColumn<int>("channels");
    QTest::newRow("planes") << QList<int>{1, 3, 240, 320} << true << false << 3;
    QTest::newRow("pixels") << QList<int>{1, 240, 320, 3} << true << true << 3;
    QTest::newRow("grey") << QList<int>{-1, 1, 28, 28} << true << false << 1;
    QTest::newRow("no batch") << QList<int>{3, -1, -1} << true << false << 3;
    QTest::newRow("sound") << QList<int>{1, 64, 100} << false << false << 0;
    QTest::newRow("rows") << QList<int>{1, 784} << false << false << 0;
}

void TestImageInputs::whichInput()
{
    QFETCH(QList<int>, sizes);
    Network network;
    network.graphs.resize(1);
    NetworkValue value;
    value.name = "x";
    value.dtype = DType::F32;
    value.shape.emplace();
    for (const int size : sizes)
        value.shape->push_back(size < 0 ? NetworkDim{} : NetworkDim{static_cast<std::uint64_t>(size), {}});
    network.values.push_back(value);
    network.graphs[0].inputs = {0};
    const auto input = pictureInput(network);
    QTEST(input.has_value(), "found");
    if (input) {
        QTEST(input->channelsLast, "last");
        QTEST(input->channels, "channels");
    }
}

void TestImageInputs::layouts()
{
    const QString path = save(colours(), "colours.png");
    const auto planes = loadPictures({path}, {.name = "x"}, PixelScale::Bytes, {});
    QS_VERIFY(planes);
    QCOMPARE((*planes)->arrays[0].value->shape(), (Shape{1, 3, 2, 3}));
    QCOMPARE(valuesOf(**planes),
             (std::vector<float>{0, 1, 2, 3, 4, 5, 100, 101, 102, 103, 104, 105, 200, 201, 202, 203, 204, 205}));
    const auto pixels = loadPictures({path}, {.name = "x", .channelsLast = true}, PixelScale::Bytes, {});
    QS_VERIFY(pixels);
    QCOMPARE((*pixels)->arrays[0].value->shape(), (Shape{1, 2, 3, 3}));
    QCOMPARE(valuesOf(**pixels),
             (std::vector<float>{0, 100, 200, 1, 101, 201, 2, 102, 202, 3, 103, 203, 4, 104, 204, 5, 105, 205}));
    QVERIFY((*planes)->id != (*pixels)->id);
}

void TestImageInputs::scales_data()
{
    QTest::addColumn<int>("scale");
    QTest::addColumn<float>("black");
    QTest::addColumn<float>("white");
    QTest::newRow("0 … 1") << static_cast<int>(PixelScale::ZeroToOne) << 0.0F << 1.0F;
    QTest::newRow("−1 … 1") << static_cast<int>(PixelScale::MinusOneToOne) << -1.0F << 1.0F;
    // (0 − 0.485) / 0.229 and (1 − 0.485) / 0.229, of the red channel
    QTest::newRow("ImageNet") << static_cast<int>(PixelScale::ImageNet) << -2.117904F << 2.248908F;
    QTest::newRow("bytes") << static_cast<int>(PixelScale::Bytes) << 0.0F << 255.0F;
}

void TestImageInputs::scales()
{
    QFETCH(int, scale);
    QImage image(2, 1, QImage::Format_RGB888);
    image.setPixel(0, 0, qRgb(0, 0, 0));
    image.setPixel(1, 0, qRgb(255, 255, 255));
    const auto inputs = loadPictures({save(image, "two.png")}, {.name = "x"}, static_cast<PixelScale>(scale), {});
    QS_VERIFY(inputs);
    const auto values = valuesOf(**inputs);
    QTEST(values[0], "black");
    QTEST(values[1], "white");
}

void TestImageInputs::otherSizeAndGrey()
{
    QImage image(64, 48, QImage::Format_RGB888);
    image.fill(qRgb(255, 255, 255));
    const auto inputs = loadPictures({save(image, "white.png")}, {.name = "x", .channels = 1, .height = 5, .width = 7},
                                     PixelScale::ZeroToOne, {});
    QS_VERIFY(inputs);
    QCOMPARE((*inputs)->arrays[0].value->shape(), (Shape{1, 1, 5, 7}));
    QCOMPARE(valuesOf(**inputs), std::vector<float>(35, 1.0F));
}

void TestImageInputs::severalPictures()
{
    const QTemporaryDir folder;
    QImage image(2, 2, QImage::Format_Grayscale8);
    for (int i = 0; i < 3; ++i) {
        image.fill(i);
        QVERIFY(image.save(folder.filePath(QString::number(i) + ".png")));
    }
    const QStringList paths = picturesIn(folder.path());
    QCOMPARE(paths.size(), 3);
    const auto inputs = loadPictures(paths, {.name = "x", .channels = 1}, PixelScale::Bytes, {});
    QS_VERIFY(inputs);
    QCOMPARE(valuesOf(**inputs), (std::vector<float>{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2}));
    QCOMPARE((*inputs)->about.str(), std::string("0.png + 2 (0 … 255)"));
}

void TestImageInputs::refusals()
{
    const QString path = m_folder.filePath("picture.png");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
    file.close();
    const auto drawn = loadPictures({path}, {.name = "x"}, PixelScale::Bytes, {});
    QVERIFY(!drawn);
    QCOMPARE(drawn.error().text(), ("a picture as PNG, JPEG, BMP or PNM is expected (" + path + ")").toStdString());
    QVERIFY(!loadPictures({m_folder.filePath("none.png")}, {.name = "x"}, PixelScale::Bytes, {}));
    QVERIFY(!loadPictures({}, {.name = "x"}, PixelScale::Bytes, {}));
    const QString grey = save(colours(), "grey.png");
    const auto wrong = loadPictures({grey}, {.name = "x", .channels = 1}, PixelScale::ImageNet, {});
    QVERIFY(!wrong);
    QVERIFY(wrong.error().text().starts_with("the mean and deviation of ImageNet"));
    // A file that ends too early
    QFile whole(grey);
    QVERIFY(whole.open(QIODevice::ReadWrite));
    QVERIFY(whole.resize(40));
    whole.close();
    QVERIFY(!loadPictures({grey}, {.name = "x"}, PixelScale::Bytes, {}));
}

/// What is fed, says so; a network without an input for pictures refuses them and keeps what it had.
void TestImageInputs::feedsTheNetwork()
{
    const QString path = m_folder.filePath("conv.onnx");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(onnx::model(onnx::typedGraph({onnx::node("Conv", {"picture", "w"}, {"y"})},
                                            {onnx::randomTensor("w", {4, 3, 3, 3}, 1)},
                                            {onnx::port("picture", {1, 3, 6, 8})}, {onnx::port("y", {1, 4, 4, 6})})));
    file.close();
    const QString picture = save(colours(), "fed.png");
    Document document;
    QVERIFY(open(document, path));
    Setup *setup = document.setups().front();
    const double noise = *totalShownError(*setup->report()).value;
    document.inputs().setPictures({picture}, PixelScale::ZeroToOne, document.model(), {});
    QTRY_VERIFY(document.inputs().current());
    QVERIFY(settle(document));
    QVERIFY(setup->report()->outputError.inputs.str().find("fed.png (0 … 1)") != std::string::npos);
    QVERIFY(*totalShownError(*setup->report()).value != noise);

    QVERIFY(open(document, "demo:digits"));
    QSignalSpy refused(&document.inputs(), &Inputs::refused);
    document.inputs().setPictures({picture}, PixelScale::ZeroToOne, document.model(), {});
    QTRY_COMPARE(refused.size(), 1);
    QVERIFY(refused[0][0].toString().startsWith("no input of this network takes pictures"));
    QVERIFY(!document.inputs().current());
}

QTEST_MAIN(TestImageInputs)
#include "tst_image_inputs.moc"
