*** Settings ***
Documentation       After a crash the car calls Polestar Assistance by itself and says where it is.
...                 Polestar 1, Assistance with Polestar Connect, chapter "Automatic Crash Notification".
Library             ConnectHil


*** Test Cases ***
A Crash That Tightens The Belts Calls Assistance
    [Documentation]    Belt-tensioner level: the car calls, and a message with its position goes with the call.
    [Tags]    B-01    B-04    procedure:crash-call
    Given The Car Is Driving
    When The Car Crashes From The Front At Belt Tensioner Level
    Then Assistance Receives One Automatic Call
    And The Message Tells The Car's Position And An Automatic Trigger

A Crash That Fires The Airbags Calls Assistance
    [Documentation]    Airbag level: the same, and the message tells how many people are on board.
    [Tags]    B-02    B-04    procedure:crash-call-airbag
    Given The Car Is Driving
    And 2 People Wear Their Belts
    When The Car Crashes From The Left At Airbag Level
    Then Assistance Receives One Automatic Call
    And The Message Tells The Car's Position And An Automatic Trigger
    And The Message Tells Of 2 Passengers

A Light Impact Calls Nobody
    [Documentation]    Below the belt-tensioner level nothing happens.
    [Tags]    B-03    procedure:light-impact
    Given The Car Is Driving
    When The Car Crashes From The Rear At Impact Level
    Then Nobody Is Called

Assistance Speaks With The Driver After A Crash And Sends Help
    [Documentation]    Assistance is heard in the car, the driver answers, and the case goes to the service that fits.
    [Tags]    B-05    B-06    procedure:crash-assistance
    Given The Car Is Driving
    When The Car Crashes From The Front At Airbag Level
    And Assistance Receives One Automatic Call
    Then Assistance Is Heard In The Car
    When The Driver Answers
    Then Voice Contact Stands
    When The Operator Hands The Case To The Ambulance
    Then The Ambulance Has The Case With The Car's Position

Nobody Answers In The Car After A Crash
    [Documentation]    No voice contact: Assistance alerts the emergency services all the same.
    [Tags]    B-07    procedure:crash-silence
    Given The Car Is Driving
    And The Driver Stays Silent
    When The Car Crashes From The Front At Airbag Level
    And Assistance Receives One Automatic Call
    Then Assistance Alerts The Emergency Services Without Voice Contact

Assistance Cannot Be Reached After A Crash
    [Documentation]    Emergency number: Assistance of the country is tried first, then its emergency number is called.
    [Tags]    B-08    procedure:crash-emergency-number
    Given The Car Is Driving
    And Assistance Cannot Be Reached
    When The Car Crashes From The Front At Airbag Level
    Then Assistance Of The Country Was Tried First
    And The Emergency Number Of The Country Receives One Automatic Call

Assistance Cannot Be Reached Beyond The Border
    [Documentation]    Emergency number: it is that of the country the car has driven into, which has another one.
    [Tags]    B-08    procedure:crash-abroad
    Given The Car Is Driving In France
    And Assistance Cannot Be Reached
    And The Car Crosses The Border Into The United Kingdom
    When The Car Crashes From The Front At Airbag Level
    Then Assistance Of The Country Was Tried First
    And The Emergency Number Of The United Kingdom Receives One Automatic Call
